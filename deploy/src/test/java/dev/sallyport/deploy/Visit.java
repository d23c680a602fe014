package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Somebody who comes by once, and whose events can be told from all others: each request says in its browser's name
 * whose it is and what it is for, and comes from an address of nobody else.
 */
final class Visit {

    /** What a request is for: to get ready, for what is being looked at, or to mark the end of that. */
    enum Part {
        BEFORE,
        NOW,
        AFTER
    }

    final TestPlatform site;
    final Person person;
    private final int number;
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private Part part = Part.BEFORE;
    private Part byOperator = Part.BEFORE;
    private int place = 1;
    private CompletableFuture<?> marking = CompletableFuture.completedFuture(null);

    Visit(TestPlatform site, int number) {
        this.site = site;
        this.number = number;
        this.person = Person.stranger(site, newBrowser());
        secrets.add(Person.PASSWORD);
        secrets.add(person.phone.substring(2));
    }

    /** An empty cookie jar at the same place. */
    SiteClient newBrowser() {
        return new SiteClient(site.url(), () -> Map.of("User-Agent", browser(), "X-Forwarded-For", address()));
    }

    void turnTo(Part next) {
        part = next;
    }

    /** Goes to where nobody has been before. */
    void move() {
        place++;
    }

    private String browser() {
        return browser(part);
    }

    private String browser(Part of) {
        return "audit/" + number + " " + of;
    }

    /** Half of them come by IPv6, in the form that Java writes. */
    String address() {
        return number % 2 == 0
                ? "10.%d.%d.1".formatted(number, place)
                : "fd00:%x:%x:0:0:0:0:1".formatted(number, place);
    }

    /** True if an event was caused by a part of this visit. */
    boolean caused(Part of, Seen seen) {
        return seen.browser().equals(browser(of))
                || (byOperator == of
                        && seen.at("actor.app_name").equals("Sallyport command line")
                        && seen.at("user.name").equals(person.name));
    }

    /** What was typed or shown on the way and must be in no event. */
    Set<String> secrets() {
        return secrets;
    }

    String secret(String text) {
        secrets.add(text);
        return text;
    }

    void signUp() {
        expect(303, person.browser.submit("/sign-up", form(person.name)));
    }

    static String[] form(String name) {
        return new String[] {"username", name, "password1", Person.PASSWORD, "password2", Person.PASSWORD};
    }

    void signIn() {
        expect(303, person.signIn());
    }

    TotpSecret bindApp() {
        TotpSecret key = pendingKey();
        expect(303, person.browser.submit("/enable-tfa-via-app", "token", code(key)));
        return key;
    }

    TotpSecret pendingKey() {
        TotpSecret key = person.pendingKey();
        secrets.add(key.base32());
        return key;
    }

    String code(TotpSecret key) {
        return secret(person.code(key));
    }

    /** Not the code of this time nor of one near it. */
    String wrongCode(TotpSecret key) {
        long step = Totp.step(site.clock().instant());
        List<String> right = List.of(
                Totp.code(key, step - 1).value(),
                Totp.code(key, step).value(),
                Totp.code(key, step + 1).value());
        return List.of("271828", "314159", "577215", "141421").stream()
                .filter(code -> !right.contains(code))
                .findFirst()
                .orElseThrow();
    }

    void bindPhone() throws InterruptedException {
        int before = person.messages().size();
        expect(303, person.browser.submit("/enable-tfa-via-sms", "phone_number", person.phone));
        expect(303, person.browser.submit("/enable-tfa-via-sms", "token", textedCode(before + 1)));
    }

    /** The code of the newest message, once so many have come in all. */
    String textedCode(int count) throws InterruptedException {
        return secret(person.receivedCode(count));
    }

    /** Ready to sign in at the first door, with a phone and no app. */
    void withPhone() throws InterruptedException {
        signUp();
        bindPhone();
        expect(303, person.signOut());
    }

    /** Ready to sign in at the first door, with an app whose next code is fresh. */
    TotpSecret withApp() {
        signUp();
        TotpSecret key = bindApp();
        expect(303, person.signOut());
        site.clock().advance(Duration.ofSeconds(30));
        return key;
    }

    /** Between the doors, and the message has come. */
    String betweenDoorsWithPhone() throws InterruptedException {
        withPhone();
        return nextText();
    }

    /** Signs in once more and returns the code that comes. */
    String nextText() throws InterruptedException {
        int before = person.messages().size();
        signIn();
        return textedCode(before + 1);
    }

    /** Signs in so often without typing the code that comes, or as often as one comes. */
    void leaveUnanswered(int count) {
        for (int i = 0; i < count; i++) {
            signIn();
        }
    }

    /**
     * Types wrong codes until so many have been refused in a row; five at each place. From the eleventh sign-in on there
     * is no message any more; a wrong code is a wrong code all the same.
     */
    void refuseTexts(int count) {
        for (int i = 0; i < count; i++) {
            if (i % 5 == 0) {
                move();
                signIn();
            }
            wrongText();
        }
    }

    /** Right for none of the messages that may still be on their way, but for one time in a million. */
    void wrongText() {
        expect(401, person.enter("271828"));
    }

    void refuseApp(TotpSecret key, int count) {
        for (int i = 0; i < count; i++) {
            if (i % 5 == 0) {
                move();
                signIn();
            }
            expect(401, person.enter(wrongCode(key)));
        }
    }

    /** Runs the operator's command on a line of an account with these fields. */
    String importLine(String fields) throws IOException {
        Path file = Files.createTempFile("accounts", ".ndjson");
        Files.writeString(file, "{\"uid\":\"" + person.name + "\"," + fields + "}\n");
        String told = command("users", "import", file.toString(), "--region", "US");
        Files.delete(file);
        if (told.startsWith("1 imported")) {
            byOperator = part;
        }
        return told;
    }

    /** Runs the operator's command that signs a person out everywhere. */
    String signOutByOperator(String name) {
        byOperator = part;
        return command("users", "sign-out", name);
    }

    private String command(String... words) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        Sallyport.run(words, site.environment(), writer, writer);
        return out.toString();
    }

    /** The same person signed in at another browser as well. */
    SiteClient inAnotherBrowser() {
        SiteClient other = newBrowser();
        expectRedirect("/user", other.submit("/", "username", person.name, "password", Person.PASSWORD));
        return other;
    }

    /**
     * Leaves an event about this account, by which one can tell that none is missing before it. The event is there long
     * before the answer, which is held back as for everybody; {@link #left} waits for that.
     */
    void mark() {
        turnTo(Part.AFTER);
        move();
        SiteClient browser = newBrowser();
        HttpRequest.Builder form = browser.form(
                "/", browser.csrf("/"), "username", person.name, "password", "no password of anybody here");
        marking = CompletableFuture.supplyAsync(() -> browser.send(form));
    }

    /** Waits until nothing of it is under way. */
    void left() {
        marking.join();
    }

    static void expect(int status, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
    }

    static void expectRedirect(String to, HttpResponse<String> response) {
        expect(303, response);
        assertEquals(to, SiteClient.location(response));
    }
}
