package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

/**
 * The dispatcher as the product wires it, with the phone screen as a provider in its own process, which the product allows
 * only beside all other roles. Reads its environment as the product does; prints {@code ready} when it has its share. For each
 * line of input, a number of seconds, it prints the memory that is in use after a collection, in bytes, and goes by a time
 * that is so much later from then on.
 */
public final class LoneDispatcher {

    private LoneDispatcher() {}

    public static void main(String[] arguments) throws IOException {
        SallyportConfig config = ConfigFiles.read(System.getenv(), Path.of(""));
        SteppedClock clock = new SteppedClock();
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
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.println(runtime.totalMemory() - runtime.freeMemory());
            clock.advance(Duration.ofSeconds(Long.parseLong(line)));
        }
        parts.stop();
    }
}
