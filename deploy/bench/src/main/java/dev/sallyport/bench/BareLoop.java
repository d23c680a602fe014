package dev.sallyport.bench;

import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.event.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The yardstick: consumes orders, opens none, and posts a text to Twilio's fake for each, 32 at a time. For each line {@code
 * COUNT} on its input it does so with as many, and prints {@code done}.
 */
final class BareLoop {

    private static final int AT_ONCE = 32;

    private BareLoop() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        HttpRequest request = request(arguments[1]);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", arguments[0], "group.id", "bare-loop", "auto.offset.reset", "earliest");
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.SMS_SEND));
            Semaphore calls = new Semaphore(AT_ONCE);
            System.out.println("ready");
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int left = Integer.parseInt(line);
                while (left > 0) {
                    for (var _ : consumer.poll(Duration.ofMillis(100))) {
                        calls.acquire();
                        threads.execute(() -> post(http, request, calls));
                        left--;
                    }
                }
                calls.acquire(AT_ONCE);
                calls.release(AT_ONCE);
                System.out.println("done");
            }
        }
    }

    private static HttpRequest request(String twilio) {
        String account = FakeTwilio.ACCOUNT_SID + ':' + FakeTwilio.AUTH_TOKEN;
        return HttpRequest.newBuilder(
                        URI.create(twilio + "/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT_SID + "/Messages.json"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "To=%2B14152670000&From=%2B15005550006&Body=123456+is+your+code.&ValidityPeriod=300"))
                .build();
    }

    private static void post(HttpClient http, HttpRequest request, Semaphore calls) {
        try {
            int status = http.send(request, BodyHandlers.ofString()).statusCode();
            if (status != 201) {
                throw new IllegalStateException("Twilio's fake answers " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            calls.release();
        }
    }
}
