package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

/**
 * The dispatcher as the product wires it, with the phone screen as a provider in its own process, which the product allows
 * only beside all other roles. Reads its environment as the product does; prints {@code ready} when it has its share, and for
 * each line of input the memory that is in use after a collection, in bytes.
 */
public final class LoneDispatcher {

    private LoneDispatcher() {}

    public static void main(String[] arguments) throws IOException {
        SallyportConfig config = ConfigFiles.read(System.getenv(), Path.of(""));
        Clock clock = Clock.systemUTC();
        DispatchParts parts = new DispatchParts(
                config,
                Keyring.open(config.keysDir().orElseThrow(), EnumSet.of(Role.SMS_DISPATCHER)),
                clock,
                Addresses.kafka(config),
                new PhoneScreen(clock),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                "/bench");
        parts.start();
        parts.joined()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        System.out.println("ready");
        while (System.in.read() == '\n') {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.println(runtime.totalMemory() - runtime.freeMemory());
        }
        parts.stop();
    }
}
