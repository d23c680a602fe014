package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka away: who needs a message is told so at once, everybody else notices nothing, and no event is lost. */
class BrokerFaultsIT {

    private static final FaultyServers SERVERS = FaultyServers.shared();

    private static TestPlatform site;

    @BeforeAll
    static void start() {
        site = TestPlatform.start(SERVERS.settings("broker_faults"));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @AfterEach
    void restore() {
        SERVERS.restore();
    }

    @ParameterizedTest
    @EnumSource
    void withoutKafkaPeopleComeInAndTheirEventsArriveOnceItIsBack(Cable cable) throws Exception {
        cable.pull(SERVERS.toKafka());
        Person person = Person.stranger(site);
        Duration limit = Duration.ofSeconds(2);
        assertEquals("/user", leadsTo(limit, () -> person.browser.submit("/sign-up", person.signUpForm())));
        assertEquals("/?signed-out", leadsTo(limit, person::signOut));
        assertEquals("/user", leadsTo(limit, person::signIn));
        TotpSecret key = person.bindApp();
        assertEquals("/?signed-out", leadsTo(limit, person::signOut));
        site.clock().advance(Duration.ofSeconds(30));
        assertEquals("/verify-tfa", leadsTo(limit, person::signIn));
        assertEquals("/user", leadsTo(limit, () -> person.enter(person.code(key))));
        SERVERS.restore();
        site.clock().advance(Duration.ofSeconds(10));
        List<String> expected = List.of(
                "account.created",
                "signed-in",
                "signed-out",
                "password.accepted",
                "signed-in",
                "factor.bound",
                "signed-out",
                "password.accepted",
                "second-factor.accepted",
                "signed-in");
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            Await.until(Duration.ofSeconds(20), () -> reader.audit(person.name).size() >= expected.size());
            assertEquals(expected.stream().sorted().toList(), sortedTypes(reader.audit(person.name)));
        }
    }

    /** Half an hour by the site's clock: challenges and sessions come and go in it, and nothing is swept away untold. */
    @Test
    void halfAnHourWithoutKafkaCostsNobodyTheirEvents() throws Exception {
        SERVERS.toKafka().refuse();
        Person person = Person.signedUp(site);
        TotpSecret key = person.bindApp();
        List<String> expected = new ArrayList<>(List.of("account.created", "signed-in", "factor.bound"));
        for (int i = 0; i < 6; i++) {
            person.signOut();
            site.clock().advance(Duration.ofMinutes(6));
            assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
            assertEquals("/user", SiteClient.location(person.enter(person.code(key))));
            expected.addAll(List.of("signed-out", "password.accepted", "second-factor.accepted", "signed-in"));
        }
        SERVERS.restore();
        site.clock().advance(Duration.ofSeconds(10));
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            Await.until(Duration.ofSeconds(20), () -> reader.audit(person.name).size() >= expected.size());
            assertEquals(expected.stream().sorted().toList(), sortedTypes(reader.audit(person.name)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoNeedsATextIsToldAtOnceThatThereIsNoneAndCanTryAgain(Cable cable) throws Exception {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        cable.pull(SERVERS.toKafka());
        Duration limit = Duration.ofMillis(3500);
        assertEquals("/verify-tfa", leadsTo(limit, person::signIn));
        assertTrue(person.browser.get("/verify-tfa").body().contains("could not be sent"));
        HttpResponse<String> again =
                Await.within(limit, () -> person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend"));
        assertEquals(503, again.statusCode());
        assertTrue(again.body().contains("could not be sent"), again.body());
        // What was on its way is lost; a broker that thaws would still get orders that were given up.
        SERVERS.toKafka().cut();
        SERVERS.restore();
        Await.until(
                Duration.ofSeconds(10),
                () -> person.browser
                                .submitFrom("/verify-tfa", "/verify-tfa/resend")
                                .statusCode()
                        == 303);
        // Kafka may have missed what the dispatcher had read when it went away, so the first text may come twice.
        String binding = Person.codeIn(person.messages().getFirst());
        Await.until(Duration.ofSeconds(10), () -> !codesBut(binding, person).isEmpty());
        assertEquals(
                "/user",
                SiteClient.location(
                        person.enter(codesBut(binding, person).iterator().next())));
        assertEquals(1, codesBut(binding, person).size(), "orders that were given up carry the same code");
    }

    private static Set<String> codesBut(String other, Person person) {
        return person.messages().stream()
                .map(Person::codeIn)
                .filter(code -> !code.equals(other))
                .collect(Collectors.toSet());
    }

    @Test
    void whoBindsAPhoneIsToldAtOnceAndCanTryAgain() throws Exception {
        Person person = Person.signedUp(site);
        SERVERS.toKafka().refuse();
        HttpResponse<String> failed = Await.within(
                Duration.ofMillis(3500),
                () -> person.browser.submit("/enable-tfa-via-sms", "phone_number", person.phone));
        assertEquals(503, failed.statusCode());
        assertTrue(failed.body().contains("could not be sent"), failed.body());
        SERVERS.restore();
        Await.until(
                Duration.ofSeconds(10),
                () -> person.browser
                                .submitFrom("/enable-tfa-via-sms", "/enable-tfa-via-sms/resend")
                                .statusCode()
                        == 303);
        HttpResponse<String> bound = person.browser.submit("/enable-tfa-via-sms", "token", person.receivedCode(1));
        assertEquals("/user?changed", SiteClient.location(bound));
    }

    @Test
    void aCutConnectionLosesNothing() throws Exception {
        Person person = Person.signedUp(site);
        person.bindPhone();
        for (int i = 0; i < 5; i++) {
            person.signOut();
            SERVERS.toKafka().cut();
            assertEquals("/verify-tfa", SiteClient.location(person.signIn()));
            String code = person.receivedCode(2 + i);
            assertEquals("/user", SiteClient.location(person.enter(code)));
        }
        assertEquals(6, person.messages().size());
    }

    @Test
    void readinessSaysThatKafkaIsAway() throws Exception {
        String ready = "http://127.0.0.1:" + site.platform().managementPort();
        SiteClient operator = new SiteClient(ready);
        Await.until(Duration.ofSeconds(15), () -> operator.get("/health/ready").statusCode() == 200);
        SERVERS.toKafka().refuse();
        Await.until(Duration.ofSeconds(15), () -> {
            HttpResponse<String> answer = operator.get("/health/ready");
            return answer.statusCode() == 503 && answer.body().contains("\"kafka\":\"down\"");
        });
        assertEquals(200, operator.get("/health/live").statusCode());
        SERVERS.restore();
        Await.until(Duration.ofSeconds(15), () -> operator.get("/health/ready").statusCode() == 200);
    }

    /** Two of one step may have the same time, so the order is not compared. */
    private static List<String> sortedTypes(List<TopicReader.Event> events) {
        return events.stream().map(TopicReader.Event::type).sorted().toList();
    }

    private static String leadsTo(Duration limit, Callable<HttpResponse<String>> request) throws Exception {
        HttpResponse<String> response = Await.within(limit, request);
        assertEquals(303, response.statusCode(), response.body());
        return SiteClient.location(response);
    }
}
