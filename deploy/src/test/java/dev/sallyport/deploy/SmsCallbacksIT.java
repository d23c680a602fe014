package dev.sallyport.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.dispatch.callback.kafka.CallbackRecords;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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

    /** From Twilio's request to the page of whoever waits for the code. */
    @Test
    void whatTwilioReportsIsReadByWhoWaitsForTheCode() throws Exception {
        try (EventTap tap = new EventTap(
                own.broker().bootstrapServers(), Topics.SMS_SEND, Topics.SMS_CALLBACK, Topics.SMS_OUTCOME)) {
            Person person = Person.signedUp(own.platform());
            person.bindPhone();
            person.signOut();
            person.signIn();
            person.receivedCode(2);
            SentMessage message = person.messages().getLast();
            assertTrue(page(person).contains("is on its way to"), page(person));

            assertEquals(204, own.platform().twilio().sendCallback(message, "delivered"));
            Seen report = tap.await(1, seen -> isAbout(message, seen)).getFirst();
            Seen outcome = outcome(tap, report, "delivered");
            Seen order =
                    tap.await(1, seen -> seen.id().equals(report.at("message"))).getFirst();
            assertEquals(order.header("ce_challenge"), outcome.at("challenge"));
            assertEquals(message.sid(), outcome.at("provider_id"));
            Await.until(Duration.ofSeconds(10), () -> page(person).contains("was delivered to"));
            // Overtaken by what came before it, it stays as it is.
            assertEquals(204, own.platform().twilio().sendCallback(message, "sent"));
            outcome(tap, report, "sent");
            assertTrue(page(person).contains("was delivered to"), page(person));
            assertEquals("/user", SiteClient.location(person.enter(Person.codeIn(message))));
        }
    }

    @Test
    void whoCantBeReachedIsToldToTakeAnotherWay() throws Exception {
        try (EventTap tap = new EventTap(own.broker().bootstrapServers(), Topics.SMS_CALLBACK, Topics.SMS_OUTCOME)) {
            Person person = Person.signedUp(own.platform());
            person.bindPhone();
            person.signOut();
            person.signIn();
            person.receivedCode(2);
            SentMessage message = person.messages().getLast();
            assertEquals(204, own.platform().twilio().sendCallback(message, "undelivered", OptionalInt.of(30006)));
            Seen report = tap.await(1, seen -> isAbout(message, seen)).getFirst();
            assertEquals("number", outcome(tap, report, "undelivered").at("failure"));
            Await.until(Duration.ofSeconds(10), () -> page(person).contains("can’t be delivered to"));
        }
    }

    private static String page(Person person) {
        return person.browser.get("/verify-tfa").body();
    }

    private static Seen outcome(EventTap tap, Seen report, String status) {
        Seen outcome = tap.await(
                        1,
                        seen -> seen.topic().equals(Topics.SMS_OUTCOME)
                                && seen.at("message").equals(report.at("message"))
                                && seen.at("status").equals(status))
                .getFirst();
        assertEquals(List.of(), contract.problems(outcome));
        assertEquals(report.key(), outcome.key());
        return outcome;
    }

    @Test
    void whatIsNoReportIsCountedSaidOnceAndPassedOver() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger handling = (Logger) LoggerFactory.getLogger("dev.sallyport.dispatch.kafka.Handling");
        handling.addAppender(log);
        SentMessage message = newMessage();
        double before = unreadable();
        try (OrderForge forge = new OrderForge(
                        Path.of(own.platform().environment().get("SALLYPORT_KEYS_DIR")),
                        own.broker().bootstrapServers(),
                        own.platform().clock());
                EventTap tap = new EventTap(own.broker().bootstrapServers(), Topics.SMS_OUTCOME)) {
            assertEquals(204, own.platform().twilio().sendCallback(message, "sent"));
            TopicReader.Event kept = kept(message).getFirst();
            byte[] key = kept.key().getBytes(UTF_8);
            for (String nonsense : List.of("garbage", "null", "{}", "")) {
                forge.write(new ProducerRecord<>(Topics.SMS_CALLBACK, key, nonsense.getBytes(UTF_8)));
                forge.write(CloudEvents.producerRecord(
                        new EventRecord(
                                "id",
                                CallbackRecords.TYPE,
                                Instant.now(),
                                Topics.SMS_CALLBACK,
                                kept.key(),
                                Map.of(),
                                nonsense.getBytes(UTF_8)),
                        "/test"));
            }
            forge.write(CloudEvents.producerRecord(
                    new EventRecord(
                            "id",
                            CallbackRecords.TYPE + "-2",
                            Instant.now(),
                            Topics.SMS_CALLBACK,
                            kept.key(),
                            Map.of(),
                            kept.body().toBuffer().getBytes()),
                    "/test"));
            JsonObject failed = kept.body().copy().put("status", "failed");
            failed.put("failure", "number").put("code", "30006");
            forge.write(CloudEvents.producerRecord(
                    new EventRecord(
                            "forged",
                            CallbackRecords.TYPE,
                            Instant.now(),
                            Topics.SMS_CALLBACK,
                            kept.key(),
                            Map.of("dataschema", "urn:sallyport:events:sms-callback:0.1"),
                            failed.toBuffer().getBytes()),
                    "/test"));
            assertEquals(204, own.platform().twilio().sendCallback(message, "delivered"));
            tap.await(
                    1,
                    seen -> seen.at("provider_id").equals(message.sid())
                            && seen.at("status").equals("delivered"));
            Await.until(Duration.ofSeconds(10), () -> unreadable() == before + 10);
            assertEquals(List.of(), tap.seen(seen -> seen.at("status").equals("failed")));
        } finally {
            handling.detachAppender(log);
        }
        List<String> said = log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.getFirst().startsWith("Reports are passed over"), said.getFirst());
    }

    /** What Prometheus is told. */
    private static double unreadable() {
        int port = own.platform().platform().managementPort();
        try {
            String scraped = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return Double.parseDouble(scraped.lines()
                    .filter(line -> line.startsWith("sallyport_sms_reports_total{status=\"unreadable\"}"))
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[1]);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
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
