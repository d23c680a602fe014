package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Twilio reports of a message, from its signed request to the topic. */
class SmsCallbacksIT {

    @TempDir
    private static Path folder;

    private static OwnBrokerSite own;
    private static EventContract contract;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        int port = TestPlatform.PORTS.take();
        own = OwnBrokerSite.start(
                folder.resolve("kafka"),
                Map.of(
                        "SALLYPORT_SMS_CALLBACK_URL",
                        "http://127.0.0.1:" + port + "/callbacks#rc=3",
                        "SALLYPORT_SMS_CALLBACK_PORT",
                        Integer.toString(port)));
        contract = new EventContract();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        own.close();
    }

    @AfterEach
    void behave() {
        own.platform().twilio().behave();
    }

    @Test
    void whatTwilioReportsByItselfIsKeptUnderTheKeyOfTheOrderAndTellsNoSecret() throws Exception {
        String kafka = own.broker().bootstrapServers();
        try (EventTap tap = new EventTap(kafka, Topics.SMS_SEND, Topics.SMS_CALLBACK)) {
            own.platform().twilio().reportAll("queued", "sent", "delivered");
            Person person = Person.signedUp(own.platform());
            person.bindPhone();
            SentMessage message = person.messages().getFirst();
            List<Seen> reports = tap.await(2, seen -> isAbout(message, seen));
            Seen order =
                    tap.await(1, seen -> seen.topic().equals(Topics.SMS_SEND)).getFirst();

            assertEquals(
                    List.of("sent", "delivered"),
                    reports.stream().map(seen -> seen.at("status")).toList());
            for (Seen report : reports) {
                assertEquals(List.of(), contract.problems(report));
                assertEquals(order.key(), report.key());
                assertEquals(order.id(), report.at("message"));
                assertEquals("1", report.at("attempt"));
                assertEquals("twilio", report.at("provider"));
                assertEquals("/sallyport/sms-dispatcher", report.header("ce_source"));
                List<String> secrets = List.of(Person.codeIn(message), person.phone.substring(2));
                assertEquals(List.of(), Secrets.in(report.text(), secrets));
            }
        }
    }

    @Test
    void repetitionsAndTheWrongOrderAreKeptAsTheyComeAndWhatIsNotKnownIsNot() throws Exception {
        SentMessage message = newMessage();
        for (String status : List.of("delivered", "sent", "sent", "queued", "teleported")) {
            assertEquals(204, own.platform().twilio().sendCallback(message, status));
        }
        assertEquals(204, own.platform().twilio().sendCallback(message, "undelivered", OptionalInt.of(30003)));

        List<TopicReader.Event> kept = kept(message);
        assertEquals(
                List.of("delivered", "sent", "sent", "undelivered"),
                kept.stream().map(event -> event.body().getString("status")).toList());
        assertEquals(kept.get(1).id(), kept.get(2).id());
        assertEquals("not_delivered", kept.get(3).body().getString("failure"));
        assertEquals("30003", kept.get(3).body().getString("code"));
    }

    @Test
    void whatTwilioHasNotSignedLeavesNothing() throws Exception {
        SentMessage message = newMessage();
        URI address = message.statusCallback().orElseThrow();
        HttpRequest.Builder unsigned = HttpRequest.newBuilder(
                        URI.create(address.toString().split("#")[0]))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("MessageSid=" + message.sid() + "&MessageStatus=delivered"));

        assertEquals(403, status(unsigned.copy()));
        assertEquals(403, status(unsigned.copy().header("X-Twilio-Signature", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")));
        assertEquals(405, status(unsigned.copy().GET()));
        assertEquals(404, status(unsigned.copy().uri(address.resolve("/callbacks/other"))));
        assertEquals(404, status(unsigned.copy().uri(address.resolve("/"))));
        assertEquals(List.of(), kept(message));
    }

    @Test
    void whatIsKeptIsReadAgain() throws Exception {
        SentMessage message = newMessage();
        assertEquals(204, own.platform().twilio().sendCallback(message, "delivered"));

        try (TopicReader reader = new TopicReader(own.broker().bootstrapServers())) {
            assertTrue(reader.topic(Topics.SMS_CALLBACK).stream()
                    .flatMap(record -> CloudEvents.read(record).stream())
                    .flatMap(event -> CallbackRecords.decode(event).stream())
                    .anyMatch(callback -> callback.providerId().equals(message.sid())
                            && callback.status().id().equals("delivered")));
        }
    }

    @Test
    void whileKafkaIsAwayTwilioIsToldToComeBack() throws Exception {
        SentMessage message = newMessage();
        own.broker().stop();
        try {
            int answer = Await.within(
                    Duration.ofSeconds(8), () -> own.platform().twilio().sendCallback(message, "delivered"));
            assertEquals(503, answer);
        } finally {
            own.broker().start();
        }
        Await.until(Duration.ofSeconds(30), () -> sendAgain(message) == 204);
        assertEquals("delivered", kept(message).getLast().body().getString("status"));
        Await.until(Duration.ofSeconds(30), SmsCallbacksIT::isReady);
    }

    private static boolean isReady() {
        int port = own.platform().platform().managementPort();
        try {
            return status(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))) == 200;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int sendAgain(SentMessage message) {
        try {
            return own.platform().twilio().sendCallback(message, "delivered");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that has been sent and of which Twilio has reported nothing yet. */
    private static SentMessage newMessage() throws InterruptedException {
        Person person = Person.signedUp(own.platform());
        person.bindPhone();
        return person.messages().getFirst();
    }

    private static boolean isAbout(SentMessage message, Seen seen) {
        return seen.topic().equals(Topics.SMS_CALLBACK)
                && seen.at("provider_id").equals(message.sid());
    }

    private static List<TopicReader.Event> kept(SentMessage message) {
        try (TopicReader reader = new TopicReader(own.broker().bootstrapServers())) {
            return reader.events(Topics.SMS_CALLBACK).stream()
                    .filter(event -> message.sid().equals(event.body().getString("provider_id")))
                    .toList();
        }
    }

    private static int status(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
}
