package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do, over HTTP, on a real broker, a MongoDB-protocol server and a fake Twilio. */
class JourneyIT {

    private final TestPlatform site = TestPlatform.shared();

    @Test
    void aPasswordAloneOpensTheAccount() {
        Person person = Person.signedUp(site);
        assertRedirect("/?signed-out", person.signOut());
        assertTrue(person.browser.get("/?signed-out").body().contains("You are signed out."));
        assertRedirect("/", person.browser.get("/user"));
        assertRedirect("/user", person.signIn());
        assertTrue(person.browser.get("/user").body().contains(person.name));
    }

    @Test
    void whoseSessionHasEndedIsTold() {
        Person person = Person.signedUp(site);
        site.clock().advance(Duration.ofMinutes(31));
        assertRedirect("/?ended", person.browser.get("/user"));
        assertTrue(person.browser.get("/?ended").body().contains("Your session has ended."));
        assertFalse(site.visitor().get("/?anything").body().contains("notice"));
    }

    @Test
    void namesAreComparedByFolding() {
        Person person = Person.signedUp(site);
        SiteClient browser = site.visitor();
        String shouted = person.name.toUpperCase(Locale.ROOT);
        assertRedirect("/user", browser.submit("/", "username", shouted, "password", Person.PASSWORD));
    }

    @Test
    void anAppOpensTheSecondDoorOnceForEachStep() {
        Person person = Person.signedUp(site);
        TotpSecret key = person.bindApp();
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        assertRedirect("/", person.browser.get("/user"));
        HttpResponse<String> reused = person.enter(person.bindingCode);
        assertEquals(401, reused.statusCode());
        assertTrue(reused.body().contains("already used"), reused.body());
        site.clock().advance(Duration.ofSeconds(30));
        assertRedirect("/user", person.enter(person.code(key)));
        assertEquals(200, person.browser.get("/user").statusCode());
    }

    @Test
    void aPhoneOpensTheSecondDoorWithTheCodeThatItGets() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        String code = person.receivedCode(2);
        assertRedirect("/user", person.enter(code));
        person.signOut();
        assertRedirect("/verify-tfa", person.signIn());
        String next = person.receivedCode(3);
        assertNotEquals(code, next);
        HttpResponse<String> old = person.enter(code);
        assertEquals(401, old.statusCode());
        assertRedirect("/user", person.enter(next));
        assertEquals(List.of(), site.twilio().ledger().violations());
    }

    @Test
    void openingTheSecondDoorsPageSendsNothing() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        person.signIn();
        person.receivedCode(2);
        for (int i = 0; i < 5; i++) {
            assertEquals(200, person.browser.get("/verify-tfa").statusCode());
        }
        site.clock().advance(Duration.ofSeconds(30));
        assertRedirect("/verify-tfa", person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend"));
        person.receivedCode(3);
        assertEquals(3, person.messages().size());
    }

    @Test
    void aResendIsTheSameCodeAfterItsCoolDown() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.signOut();
        person.signIn();
        String code = person.receivedCode(2);
        HttpResponse<String> early = person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend");
        assertEquals(429, early.statusCode());
        assertTrue(early.headers().firstValue("Retry-After").isPresent());
        int sent = 2;
        for (int wait : new int[] {30, 60, 120}) {
            site.clock().advance(Duration.ofSeconds(wait));
            assertRedirect("/verify-tfa", person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend"));
            sent++;
            assertEquals(code, person.receivedCode(sent));
        }
        assertTrue(person.browser.get("/verify-tfa").body().contains("It is good for 5 minutes."));
        site.clock().advance(Duration.ofMinutes(5));
        assertTrue(person.browser.get("/verify-tfa").body().contains("It is too old by now."));
        assertEquals(
                429,
                person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend").statusCode());
        assertEquals(5, person.messages().size());
    }

    @Test
    void anAppUserGetsATextOnlyOnRequest() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.bindApp();
        person.signOut();
        person.signIn();
        assertTrue(person.browser.get("/verify-tfa").body().contains("Text me a code"));
        assertRedirect("/verify-tfa", person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend"));
        assertRedirect("/user", person.enter(person.receivedCode(2)));
    }

    @Test
    void anOldNumberStaysUntilTheNewOneIsProven() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        String other = Person.stranger(site).phone;
        assertRedirect("/enable-tfa-via-sms", person.browser.submit("/enable-tfa-via-sms", "phone_number", other));
        person.signOut();
        person.signIn();
        assertRedirect("/user", person.enter(person.receivedCode(2)));
    }

    @Test
    void thePictureExistsOnlyWhileTheAppIsPending() {
        Person person = Person.signedUp(site);
        assertEquals(404, person.browser.get("/auth-qr-code.png").statusCode());
        person.pendingKey();
        assertEquals(200, person.browser.getBytes("/auth-qr-code.png").statusCode());
        person.bindApp();
        assertEquals(404, person.browser.get("/auth-qr-code.png").statusCode());
    }

    @Test
    void factorsCanBeUnbound() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindApp();
        person.bindPhone();
        assertRedirect("/user?changed", person.browser.submitFrom("/user", "/disable-tfa-via-app"));
        assertRedirect("/user?changed", person.browser.submitFrom("/user", "/disable-tfa-via-sms"));
        person.signOut();
        assertRedirect("/user", person.signIn());
    }

    @Test
    void changesAskForThePasswordAgainAfterFiveMinutes() {
        Person person = Person.signedUp(site);
        site.clock().advance(Duration.ofMinutes(5));
        HttpResponse<String> asked = person.browser.get("/enable-tfa-via-app");
        assertRedirect("/confirm-password?next=%2Fenable-tfa-via-app", asked);
        HttpResponse<String> wrong = person.browser.submitFrom(
                "/confirm-password?next=/enable-tfa-via-app",
                "/confirm-password",
                "password",
                "not my password at all",
                "next",
                "/enable-tfa-via-app");
        assertEquals(401, wrong.statusCode());
        HttpResponse<String> right = person.browser.submitFrom(
                "/confirm-password", "/confirm-password", "password", Person.PASSWORD, "next", "/enable-tfa-via-app");
        assertRedirect("/enable-tfa-via-app", right);
        assertEquals(200, person.browser.get("/enable-tfa-via-app").statusCode());
    }

    @Test
    void confirmingLeadsNowhereElse() {
        Person person = Person.signedUp(site);
        for (String elsewhere : List.of("https://evil.example", "//evil.example", "/logout", "")) {
            assertRedirect(
                    "/user",
                    person.browser.submitFrom(
                            "/confirm-password", "/confirm-password", "password", Person.PASSWORD, "next", elsewhere));
        }
    }

    @Test
    void aTakenNameIsToldTenTimesAnHour() {
        try (TestPlatform own = TestPlatform.start(Map.of())) {
            Person owner = Person.signedUp(own);
            String[] again = {"username", owner.name, "password1", Person.PASSWORD, "password2", Person.PASSWORD};
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> told = own.visitor().submit("/sign-up", again);
                assertEquals(409, told.statusCode());
                assertTrue(told.body().contains("taken"), told.body());
            }
            assertEquals(429, own.visitor().submit("/sign-up", again).statusCode());
            String[] free = {"username", "free-name", "password1", Person.PASSWORD, "password2", Person.PASSWORD};
            assertEquals(429, own.visitor().submit("/sign-up", free).statusCode());
            own.clock().advance(Duration.ofMinutes(61));
            assertRedirect("/user", own.visitor().submit("/sign-up", free));
        }
    }

    private static void assertRedirect(String to, HttpResponse<String> response) {
        assertEquals(303, response.statusCode(), response.body());
        assertEquals(to, SiteClient.location(response));
    }
}
