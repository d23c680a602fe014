package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody with a name, a password, a phone and perhaps an app, who does with the site what people do. */
final class Person {

    static final String PASSWORD = "a quiet harbour at dawn";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Pattern KEY = Pattern.compile("secret(?:=|&#x3D;)([A-Z2-7]+)");
    private static final Pattern HANDLE = Pattern.compile("name=\"session\" value=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("^(\\d{6}) ");

    final Site site;
    final SiteClient browser;
    final String name;
    final String phone;

    /** The code that bound the app. */
    String bindingCode = "";

    private Person(Site site, SiteClient browser, String name, String phone) {
        this.site = site;
        this.browser = browser;
        this.name = name;
        this.phone = phone;
    }

    /** Somebody new, signed in with a password only. */
    static Person signedUp(Site site) {
        Person person = stranger(site);
        HttpResponse<String> response = person.browser.submit("/sign-up", person.signUpForm());
        assertEquals(303, response.statusCode(), response.body());
        return person;
    }

    /** Somebody with no account yet. */
    static Person stranger(Site site) {
        return stranger(site, site.visitor());
    }

    /** Somebody with no account yet, at a browser of the test's own. */
    static Person stranger(Site site, SiteClient browser) {
        int number = COUNT.incrementAndGet();
        String phone = "+1415267%04d".formatted(number);
        return new Person(site, browser, "person" + number + "@example.com", phone);
    }

    /** The same person at another browser. */
    Person elsewhere() {
        return new Person(site, site.visitor(), name, phone);
    }

    /** The fields of the sign-up form. */
    String[] signUpForm() {
        return new String[] {"username", name, "password1", PASSWORD, "password2", PASSWORD};
    }

    HttpResponse<String> signIn() {
        return signIn(PASSWORD);
    }

    HttpResponse<String> signIn(String password) {
        return browser.submit("/", "username", name, "password", password);
    }

    HttpResponse<String> signOut() {
        return browser.submit("/logout");
    }

    /** The handles of the sessions that the page offers to end. */
    List<String> otherSessions() {
        return otherSessions(browser);
    }

    /** The same, as another browser of the same person sees it. */
    List<String> otherSessions(SiteClient from) {
        return HANDLE.matcher(from.get("/user/sessions").body())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    HttpResponse<String> endSession(String handle) {
        return browser.submitFrom("/logout", "/user/sessions/end", "session", handle);
    }

    /** Types a code at the second door. */
    HttpResponse<String> enter(String code) {
        return browser.submit("/verify-tfa", "token", code);
    }

    /** Binds an authenticator app and returns its key. */
    TotpSecret bindApp() {
        TotpSecret key = pendingKey();
        bindingCode = code(key);
        HttpResponse<String> response = browser.submit("/enable-tfa-via-app", "token", bindingCode);
        assertEquals(303, response.statusCode(), response.body());
        return key;
    }

    /** The key that the page offers. */
    TotpSecret pendingKey() {
        Matcher matcher = KEY.matcher(browser.get("/enable-tfa-via-app").body());
        if (!matcher.find()) {
            throw new AssertionError("no key on the page");
        }
        return TotpSecret.parse(matcher.group(1)).orElseThrow();
    }

    /** What the app shows now. */
    String code(TotpSecret key) {
        return Totp.code(key, Totp.step(site.clock().instant())).value();
    }

    void bindPhone() throws InterruptedException {
        int before = messages().size();
        HttpResponse<String> asked = browser.submit("/enable-tfa-via-sms", "phone_number", phone);
        assertEquals(303, asked.statusCode(), asked.body());
        HttpResponse<String> proven = browser.submit("/enable-tfa-via-sms", "token", receivedCode(before + 1));
        assertEquals(303, proven.statusCode(), proven.body());
    }

    List<SentMessage> messages() {
        return site.twilio().ledger().messagesTo(phone);
    }

    /** The code in the newest message once at least so many have come. */
    String receivedCode(int atLeast) throws InterruptedException {
        Await.until(Duration.ofSeconds(10), () -> messages().size() >= atLeast);
        return codeIn(messages().getLast());
    }

    static String codeIn(SentMessage message) {
        Matcher matcher = CODE.matcher(message.body());
        if (!matcher.find()) {
            throw new AssertionError("no code in the message");
        }
        return matcher.group(1);
    }
}
