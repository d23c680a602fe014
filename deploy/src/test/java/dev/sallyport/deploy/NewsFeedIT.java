package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.news.NewsDesk;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stream of news: who may hear it, how many, and how it ends. */
class NewsFeedIT {

    private static final String SIGN_IN = "/verify-tfa/news";
    private static final String BINDING = "/enable-tfa-via-sms/news";
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private static NewsSite site;

    @BeforeAll
    static void start() {
        site = NewsSite.start();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /** An open stream and what has come so far. */
    private static final class Stream implements AutoCloseable {

        private final HttpResponse<InputStream> response;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread reader;

        Stream(SiteClient browser, String path) {
            response = browser.open(path);
            assertEquals(200, response.statusCode());
            reader = Thread.startVirtualThread(this::read);
        }

        private void read() {
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                lines.add("broken off");
            }
        }

        List<String> texts() {
            return lines.stream()
                    .filter(line -> line.startsWith("data: {"))
                    .map(line -> new JsonObject(line.substring(6)).getString("text"))
                    .toList();
        }

        void await(String text) throws InterruptedException {
            Await.until(A_WHILE, () -> texts().stream().anyMatch(one -> one.contains(text)));
        }

        boolean hasEnded() {
            return !reader.isAlive();
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    private static int status(SiteClient browser, String path) throws IOException {
        HttpResponse<InputStream> response = browser.open(path);
        response.body().close();
        return response.statusCode();
    }

    @Test
    void itBeginsWithWhatIsKnownAndTellsEachChangeOnce() throws Exception {
        Person person = site.waiting();
        SendCode order = site.order(person);
        try (Stream stream = new Stream(person.browser, SIGN_IN)) {
            assertEquals(
                    "text/event-stream",
                    stream.response.headers().firstValue("Content-Type").orElse(""));
            assertEquals(
                    "no-store",
                    stream.response.headers().firstValue("Cache-Control").orElse(""));
            stream.await("is on its way to");
            for (Status status : List.of(Status.ACCEPTED, Status.SENT, Status.SENT, Status.DELIVERED, Status.SENT)) {
                site.tell(order, status);
            }
            stream.await("was delivered to");
            assertEquals(2, stream.texts().size(), stream.lines::toString);
            Await.until(A_WHILE, () -> stream.lines.contains(":"));
            assertEquals(2, stream.texts().size(), stream.lines::toString);
        }
        try (Stream later = new Stream(person.browser, SIGN_IN)) {
            later.await("was delivered to");
            assertEquals(1, later.texts().size());
        }
    }

    @Test
    void whoHasNoChallengeHearsNothing() throws Exception {
        Person stranger = Person.stranger(site.platform());
        assertEquals(204, status(stranger.browser, SIGN_IN));
        assertEquals(403, status(stranger.browser, BINDING));
        Person member = Person.signedUp(site.platform());
        assertEquals(204, status(member.browser, SIGN_IN));
        assertEquals(204, status(member.browser, BINDING));
        stranger.browser.setCookie("sallyport-challenge", "A".repeat(43));
        assertEquals(204, status(stranger.browser, SIGN_IN));
    }

    @Test
    void aChallengeOfAnotherKindOrSessionIsNone() throws Exception {
        Person waiting = site.waiting();
        Person binding = site.binding();
        assertEquals(204, status(binding.browser, SIGN_IN));
        assertEquals(403, status(waiting.browser, BINDING));
        String challenge = binding.browser.cookie("sallyport-challenge").orElseThrow();
        Person other = Person.signedUp(site.platform());
        other.browser.setCookie("sallyport-challenge", challenge);
        assertEquals(204, status(other.browser, BINDING));
        SiteClient nobody = site.platform().visitor();
        nobody.setCookie("sallyport-challenge", challenge);
        assertEquals(403, status(nobody, BINDING));
        assertEquals(204, status(nobody, SIGN_IN));
        try (Stream stream = new Stream(binding.browser, BINDING)) {
            stream.await("is on its way to");
        }
    }

    @Test
    void nobodyHearsOfTheMessagesOfOthers() throws Exception {
        Person one = site.waiting();
        Person other = site.waiting();
        SendCode ofOther = site.order(other);
        SendCode ofOne = site.order(one);
        try (Stream stream = new Stream(one.browser, SIGN_IN)) {
            stream.await("is on its way to");
            site.tell(ofOther, Status.DELIVERED);
            site.tell(ofOne, Status.FAILED);
            stream.await("could not be sent");
            assertFalse(stream.lines.toString().contains("delivered"), stream.lines::toString);
            assertFalse(stream.lines.toString().contains(one.phone.substring(2)), stream.lines::toString);
        }
    }

    @Test
    void anAppAloneHasNoNews() throws Exception {
        Person person = Person.signedUp(site.platform());
        person.bindApp();
        person.signOut();
        person.signIn();
        assertEquals(204, status(person.browser, SIGN_IN));
    }

    @Test
    void aHeadIsAnsweredAtOnce() {
        Person person = site.waiting();
        HttpResponse<String> head = person.browser.send(
                HttpRequest.newBuilder(person.browser.uri(SIGN_IN)).HEAD());
        assertEquals(200, head.statusCode());
        assertEquals(
                "text/event-stream", head.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void aChallengeHasAFewStreamsAndNoMore() throws Exception {
        Person person = site.waiting();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < NewsDesk.MOST_OF_CHALLENGE; i++) {
            streams.add(new Stream(person.browser, SIGN_IN));
        }
        HttpResponse<InputStream> refused = person.browser.open(SIGN_IN);
        refused.body().close();
        assertEquals(429, refused.statusCode());
        assertEquals("30", refused.headers().firstValue("Retry-After").orElse(""));
        assertEquals(200, person.browser.get("/verify-tfa").statusCode());
        streams.removeFirst().close();
        Await.until(A_WHILE, () -> {
            HttpResponse<InputStream> again = person.browser.open(SIGN_IN);
            try {
                again.body().close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return again.statusCode() == 200;
        });
        for (Stream stream : streams) {
            stream.close();
        }
    }

    @Test
    @Tag("long")
    void itEndsWithItsChallenge() throws Exception {
        Person person = site.waiting();
        try (Stream passed = new Stream(person.browser, SIGN_IN)) {
            passed.await("is on its way to");
            assertEquals("/user", SiteClient.location(person.enter(site.code(site.order(person)))));
            Await.until(A_WHILE, passed::hasEnded);
            assertTrue(passed.lines.contains("event: over"), passed.lines::toString);
        }
        Person late = site.waiting();
        site.platform().clock().advance(Duration.ofMinutes(15).minusSeconds(2));
        try (Stream expired = new Stream(late.browser, SIGN_IN)) {
            Await.until(Duration.ofSeconds(10), expired::hasEnded);
            assertTrue(expired.lines.contains("event: over"), expired.lines::toString);
        }
        assertEquals(204, status(late.browser, SIGN_IN));
    }

    @Test
    void aNodeThatStopsLetsGoOfItsStreamsAtOnce() throws Exception {
        Person person = site.waiting();
        Platform node = site.platform().anotherNode();
        Stream stream = new Stream(person.browser.at("http://localhost:" + node.httpPort()), SIGN_IN);
        stream.await("is on its way to");
        site.tell(site.order(person), Status.DELIVERED);
        stream.await("was delivered to");
        long asked = System.nanoTime();
        Thread stopping = Thread.startVirtualThread(node::stop);
        Await.until(Duration.ofSeconds(2), stream::hasEnded);
        assertFalse(stream.lines.contains("event: over"), "the browser asks another node");
        assertFalse(stream.lines.contains("broken off"), stream.lines::toString);
        stopping.join();
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        assertTrue(took.toSeconds() < 5, took.toString());
    }
}
