package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.dispatch.twilio.fake.Fault;
import dev.sallyport.dispatch.twilio.fake.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new Fault.Refuse(400, 21211), "failed", "number"),
                Arguments.of(new Fault.Refuse(401, 20003), "failed", "configuration"),
                Arguments.of(new Fault.Throttle(Duration.ofSeconds(2)), "failed", "throttled"),
                Arguments.of(new Fault.AcceptThenFail(), "unknown", "server_error"),
                Arguments.of(new Fault.AcceptThenReset(), "unknown", "connection_lost"),
                Arguments.of(Fault.html503(), "unknown", "server_error"),
                Arguments.of(new Fault.Hang(), "unknown", "timeout"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anOrderIsTriedOnceItsOutcomeIsToldAndTheNextOneIsUnaffected(Fault fault, String status, String failure)
            throws Exception {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        int posts = posts(person).size();
        site.twilio().next(fault);
        assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
        Optional<TopicReader.Event> outcome = outcome(person, 2);
        assertEquals(status, outcome.orElseThrow().body().getString("status"));
        assertEquals(failure, outcome.get().body().getString("failure"));
        assertEquals(posts + 1, posts(person).size());
        assertEquals(200, person.browser.get("/verify-tfa").statusCode());
        site.clock().advance(Duration.ofSeconds(30));
        assertEquals(
                303,
                person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend").statusCode());
        assertEquals("accepted", outcome(person, 3).orElseThrow().body().getString("status"));
        assertEquals(posts + 2, posts(person).size());
        String code = Person.codeIn(person.messages().getLast());
        assertEquals("/user", SiteClient.location(person.enter(code)));
        assertEquals(List.of(), site.twilio().ledger().violations());
    }

    /** The outcome of the person's so many-th message, once it is there. */
    private static Optional<TopicReader.Event> outcome(Person person, int nth) throws InterruptedException {
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            List<String> orders = new java.util.ArrayList<>();
            List<TopicReader.Event> found = new java.util.ArrayList<>();
            Await.until(Duration.ofSeconds(10), () -> {
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
