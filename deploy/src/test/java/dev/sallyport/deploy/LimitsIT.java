package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits to guessing: kept over nodes, restarts and challenges, and never turned on the owner. */
class LimitsIT {

    private static final FaultyServers SERVERS = FaultyServers.shared();

    private static TestPlatform site;

    @BeforeAll
    static void start() {
        Map<String, String> settings = new TreeMap<>(SERVERS.settings("limits"));
        settings.put("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
        settings.put("SALLYPORT_SESSION_IDLE", "2h");
        site = TestPlatform.start(settings);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    @Tag("long")
    void delaysHoldOverNodesAndOutliveThemAll() {
        Person owner = Person.signedUp(site);
        String thief = "203.0.113.1";
        List<Platform> nodes = List.of(site.anotherNode(), site.anotherNode());
        for (int i = 0; i < 5; i++) {
            SiteClient node = at(nodes.get(i % 2), thief);
            assertEquals(401, signIn(node, owner, "wrong").statusCode());
        }
        // Up to a delay of 64 s, which outlasts the start of another node on a busy machine.
        for (int wait = 1; wait <= 32; wait *= 2) {
            site.clock().advance(Duration.ofSeconds(wait));
            assertEquals(
                    401, signIn(at(nodes.getFirst(), thief), owner, "wrong").statusCode());
        }
        nodes.forEach(Platform::stop);
        Platform fresh = site.anotherNode();
        try {
            assertEquals(429, signIn(at(fresh, thief), owner, Person.PASSWORD).statusCode());
            assertEquals(
                    303,
                    signIn(at(fresh, "198.51.100.1"), owner, Person.PASSWORD).statusCode());
            site.clock().advance(Duration.ofSeconds(64));
            assertEquals(303, signIn(at(fresh, thief), owner, Person.PASSWORD).statusCode());
        } finally {
            fresh.stop();
        }
    }

    @Test
    void anUntrustedPeerCantPretendToBeSomebodyElse() {
        TestPlatform trustingNobody = TestPlatform.shared();
        Person owner = Person.signedUp(trustingNobody);
        for (int i = 0; i < 5; i++) {
            SiteClient pretending = trustingNobody.visitor().from("203.0.113." + i);
            assertEquals(401, signIn(pretending, owner, "wrong").statusCode());
        }
        SiteClient stillPretending = trustingNobody.visitor().from("203.0.113.99");
        assertEquals(429, signIn(stillPretending, owner, Person.PASSWORD).statusCode());
        assertEquals(
                429, signIn(trustingNobody.visitor(), owner, Person.PASSWORD).statusCode());
    }

    @Test
    void wrongCodesAreCountedAcrossChallenges() {
        Person owner = Person.signedUp(site);
        TotpSecret key = owner.bindApp();
        SiteClient thief = site.visitor().from("203.0.113.7");
        for (int i = 0; i < 5; i++) {
            assertEquals(303, signIn(thief, owner, Person.PASSWORD).statusCode());
            assertEquals(401, enter(thief, wrongCode(owner, Optional.of(key))).statusCode());
        }
        assertEquals(303, signIn(thief, owner, Person.PASSWORD).statusCode());
        HttpResponse<String> delayed = enter(thief, wrongCode(owner, Optional.of(key)));
        assertEquals(429, delayed.statusCode());
        assertTrue(delayed.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void aHundredWrongCodesSwitchTextCodesOffUntilThePhoneIsBoundAgain() throws Exception {
        Person owner = Person.signedUp(site);
        owner.bindPhone();
        wrongCodes(owner, Optional.empty(), 40, "203.0.113.");
        // Most of a day later, so that the messages of before have left room again when the phone is bound.
        site.clock().advance(Duration.ofHours(23));
        Person home = owner.elsewhere();
        assertEquals(303, home.signIn().statusCode());
        assertEquals("/user", SiteClient.location(home.enter(owner.receivedCode(10))));
        SiteClient thief = site.visitor().from("203.0.113.99");
        assertEquals(303, signIn(thief, owner, Person.PASSWORD).statusCode());
        String right = owner.receivedCode(11);
        for (int i = 0; i < 4; i++) {
            assertEquals(401, enter(thief, wrongCode(owner, Optional.empty())).statusCode());
        }
        wrongCodes(owner, Optional.empty(), 95, "198.51.100.");
        // The hundredth, at another challenge, since the right code of the first must still have a try.
        Person elsewhere = owner.elsewhere();
        assertEquals(303, elsewhere.signIn().statusCode());
        // The pages lose their forms with the hundredth; these were opened before.
        String thiefsForm = thief.csrf("/verify-tfa");
        String ownersForm = elsewhere.browser.csrf("/verify-tfa");
        assertEquals(401, elsewhere.enter(wrongCode(owner, Optional.empty())).statusCode());
        assertEquals(401, thief.post("/verify-tfa", thiefsForm, "token", right).statusCode());
        assertTrue(elsewhere.browser.get("/verify-tfa").body().contains("switched off"));
        assertEquals(
                409, elsewhere.browser.post("/verify-tfa/resend", ownersForm).statusCode());
        site.clock().advance(Duration.ofHours(1));
        assertEquals(
                303,
                home.browser
                        .submit("/confirm-password", "password", Person.PASSWORD)
                        .statusCode());
        home.bindPhone();
        int sent = owner.messages().size();
        assertEquals(303, elsewhere.signIn().statusCode());
        assertEquals("/user", SiteClient.location(elsewhere.enter(owner.receivedCode(sent + 1))));
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            assertEquals(1, count(reader.audit(owner.name), "factor.locked"));
        }
    }

    @Test
    void unansweredMessagesOfAnAccountAreCountedOverNodes() throws Exception {
        Person owner = Person.signedUp(site);
        owner.bindPhone();
        Platform other = site.anotherNode();
        try {
            for (int i = 0; i < 10; i++) {
                SiteClient thief = i % 2 == 0 ? site.visitor() : at(other, "203.0.113.50");
                assertEquals(303, signIn(thief, owner, Person.PASSWORD).statusCode());
                owner.receivedCode(2 + i);
            }
            SiteClient eleventh = at(other, "203.0.113.51");
            assertEquals(303, signIn(eleventh, owner, Person.PASSWORD).statusCode());
            assertTrue(eleventh.get("/verify-tfa").body().contains("No more messages can be sent for now"));
            assertEquals(
                    429,
                    eleventh.submitFrom("/verify-tfa", "/verify-tfa/resend").statusCode());
        } finally {
            other.stop();
        }
        try (TopicReader reader = new TopicReader(SERVERS.bootstrapServers())) {
            Await.until(Duration.ofSeconds(10), () -> count(reader.audit(owner.name), "second-factor.not-sent") == 2);
        }
        assertEquals(11, owner.messages().size());
    }

    @Test
    void unansweredMessagesToAPhoneAreCountedWhoeverAsks() throws Exception {
        String phone = Person.stranger(site).phone;
        for (int account = 0; account < 3; account++) {
            Person person = Person.signedUp(site);
            for (int i = 0; i < 4; i++) {
                assertEquals(303, bind(person, phone).statusCode());
            }
        }
        Person last = Person.signedUp(site);
        for (int i = 0; i < 12; i++) {
            HttpResponse<String> refused = bind(last, phone);
            assertEquals(429, refused.statusCode());
            assertTrue(refused.body().contains("Try again tomorrow"), refused.body());
        }
        last.bindPhone();
        Await.until(
                Duration.ofSeconds(20),
                () -> site.twilio().ledger().messagesTo(phone).size() >= 12);
        assertEquals(12, site.twilio().ledger().messagesTo(phone).size());
    }

    private static HttpResponse<String> bind(Person person, String phone) {
        return person.browser.submitFrom("/enable-tfa-via-sms?another", "/enable-tfa-via-sms", "phone_number", phone);
    }

    @Test
    void whoTypesTheCodesMaySignInAsOftenAsOneLikes() throws Exception {
        Person owner = Person.signedUp(site);
        owner.bindPhone();
        for (int i = 0; i < 15; i++) {
            owner.signOut();
            assertEquals("/verify-tfa", SiteClient.location(owner.signIn()));
            assertEquals("/user", SiteClient.location(owner.enter(owner.receivedCode(2 + i))));
        }
    }

    @Test
    void aHundredWrongCodesCloseAnAppToStrangersAndNotToItsOwner() {
        Person owner = Person.signedUp(site);
        TotpSecret key = owner.bindApp();
        SiteClient home = site.visitor().from("198.51.100.20");
        site.clock().advance(Duration.ofSeconds(30));
        assertEquals(303, signIn(home, owner, Person.PASSWORD).statusCode());
        assertEquals("/user", SiteClient.location(enter(home, owner.code(key))));
        wrongCodes(owner, Optional.of(key), 100, "203.0.113.");
        site.clock().advance(Duration.ofSeconds(30));
        SiteClient stranger = site.visitor().from("198.51.100.21");
        assertEquals(303, signIn(stranger, owner, Person.PASSWORD).statusCode());
        HttpResponse<String> wrong = enter(stranger, wrongCode(owner, Optional.of(key)));
        assertTrue(wrong.body().contains("closed at this place"), "the answer tells no right code from a wrong one");
        HttpResponse<String> refused = enter(stranger, owner.code(key));
        assertEquals(401, refused.statusCode());
        assertTrue(refused.body().contains("closed at this place"), refused.body());
        SiteClient again = site.visitor().from("198.51.100.20");
        assertEquals(303, signIn(again, owner, Person.PASSWORD).statusCode());
        assertEquals("/user", SiteClient.location(enter(again, owner.code(key))));
    }

    /** As many wrong codes as wanted, five a challenge, each challenge from an address of its own. */
    private void wrongCodes(Person owner, Optional<TotpSecret> key, int count, String network) {
        for (int i = 0; i < count / 5; i++) {
            SiteClient thief = site.visitor().from(network + (20 + i));
            assertEquals(303, signIn(thief, owner, Person.PASSWORD).statusCode());
            String csrf = thief.csrf("/verify-tfa");
            for (int j = 0; j < 5; j++) {
                HttpResponse<String> wrong = thief.post("/verify-tfa", csrf, "token", wrongCode(owner, key));
                assertEquals(401, wrong.statusCode());
            }
        }
    }

    /** Six digits that are right nowhere. */
    private static String wrongCode(Person owner, Optional<TotpSecret> key) {
        Set<String> right = new HashSet<>();
        owner.messages().forEach(message -> right.add(Person.codeIn(message)));
        long step = Totp.step(site.clock().instant());
        key.ifPresent(secret -> {
            right.add(Totp.code(secret, step).value());
            right.add(Totp.code(secret, step - 1).value());
        });
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj("%06d"::formatted)
                .filter(code -> !right.contains(code))
                .findFirst()
                .orElseThrow();
    }

    private static long count(List<TopicReader.Event> events, String type) {
        return events.stream().filter(event -> event.type().equals(type)).count();
    }

    private static HttpResponse<String> enter(SiteClient browser, String code) {
        return browser.submit("/verify-tfa", "token", code);
    }

    private SiteClient at(Platform node, String address) {
        return new SiteClient("http://localhost:" + node.httpPort()).from(address);
    }

    private static HttpResponse<String> signIn(SiteClient browser, Person owner, String password) {
        return browser.submit("/", "username", owner.name, "password", password);
    }
}
