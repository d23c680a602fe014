package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.dispatch.twilio.fake.Fault;
import dev.sallyport.dispatch.twilio.fake.Ledger;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Twilio in trouble: one attempt for each order, an honest outcome, and a person who can go on. */
class ProviderFaultsIT {

    private static final FaultyServers SERVERS = FaultyServers.shared();

    private static TestPlatform site;

    @BeforeAll
    static void start() {
        site = TestPlatform.start(SERVERS.settings("provider_faults"));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @AfterEach
    void behave() {
        site.twilio().behave();
    }

    /** What the provider does with an order's first call; what is told, and how many calls and texts that takes. */
    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new Fault.Refuse(400, 21211), "failed number", 1, 0),
                Arguments.of(new Fault.Refuse(401, 20003), "failed configuration", 1, 0),
                Arguments.of(new Fault.Throttle(Duration.ofSeconds(1)), "accepted", 2, 1),
                Arguments.of(new Fault.AcceptThenFail(), "accepted", 1, 1),
                Arguments.of(new Fault.AcceptThenReset(), "accepted", 1, 1),
                Arguments.of(Fault.html503(), "accepted", 2, 1),
                Arguments.of(new Fault.Hang(), "accepted", 2, 1));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anOrderIsNeverTextedTwiceItsOutcomeIsToldAndTheNextOneIsUnaffected(
            Fault fault, String told, int calls, int texts) throws Exception {
        Person person = signedOutWithAPhone();
        int posts = posts(person).size();
        int messages = person.messages().size();
        site.twilio().next(fault);
        assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
        assertEquals(told, told(person, 2));
        assertEquals(posts + calls, posts(person).size());
        assertEquals(messages + texts, person.messages().size());
        assertEquals(200, person.browser.get("/verify-tfa").statusCode());
        site.clock().advance(Duration.ofSeconds(30));
        assertEquals(
                303,
                person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend").statusCode());
        assertEquals("accepted", told(person, 3));
        assertEquals(posts + calls + 1, posts(person).size());
        String code = Person.codeIn(person.messages().getLast());
        assertEquals("/user", SiteClient.location(person.enter(code)));
        assertEquals(List.of(), site.twilio().ledger().violations());
    }

    @Test
    void whatNobodyCanTellIsTriedOnceMoreAndNoMore() throws Exception {
        Person person = signedOutWithAPhone();
        int posts = posts(person).size();
        site.twilio().always(Fault.html503());
        assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
        assertEquals("unknown server_error", told(person, 2));
        assertEquals(posts + 2, posts(person).size());
    }

    private static Person signedOutWithAPhone() throws Exception {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        return person;
    }

    private static String told(Person person, int nth) throws InterruptedException {
        JsonObject body = outcome(person, nth).orElseThrow().body();
        return (body.getString("status") + ' ' + body.getString("failure", "")).strip();
    }

    /** The outcome of the person's so many-th message, once it is there. */
    private static Optional<TopicReader.Event> outcome(Person person, int nth) throws InterruptedException {
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            List<String> orders = new java.util.ArrayList<>();
            List<TopicReader.Event> found = new java.util.ArrayList<>();
            Await.until(Duration.ofSeconds(30), () -> {
                orders.clear();
                reader.audit(person.name).stream()
                        .filter(event -> event.type().equals("second-factor.sent"))
                        .sorted(java.util.Comparator.comparing(TopicReader.Event::time))
                        .map(event -> event.body().getJsonObject("unmapped").getString("message"))
                        .forEach(orders::add);
                found.clear();
                reader.events("sallyport.sms.outcome").stream()
                        .filter(event -> orders.size() >= nth
                                && event.body().getString("message").equals(orders.get(nth - 1)))
                        .forEach(found::add);
                return !found.isEmpty();
            });
            assertEquals(1, found.size());
            return found.stream().findFirst();
        }
    }

    private static List<Ledger.Attempt> posts(Person person) {
        return site.twilio().ledger().attempts().stream()
                .filter(attempt -> person.phone.equals(attempt.parameters().get("To")))
                .toList();
    }
}
