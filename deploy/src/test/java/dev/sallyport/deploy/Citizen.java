package dev.sallyport.deploy;

import dev.sallyport.deploy.ChaosBrowser.Answer;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who signs up, binds an app or a phone, signs out, comes back through both doors and signs out again, whatever
 * happens to the site meanwhile. Keeps what was acknowledged, what may have been done, and what should never have been.
 */
final class Citizen {

    private static final Pattern KEY = Pattern.compile("secret(?:=|&#x3D;)([A-Z2-7]+)");
    private static final int TRIES = 25;

    final String name;
    final String phone;
    final List<String> violations = new ArrayList<>();
    final Map<String, Integer> acknowledged = new TreeMap<>();
    final Map<String, Integer> perhaps = new TreeMap<>();
    boolean waitedInVain;

    private final FakeTwilio twilio;
    private final ChaosBrowser browser;
    private final boolean withApp;
    private Optional<TotpSecret> seed = Optional.empty();

    Citizen(int number, UnaryOperator<String> nodes, FakeTwilio twilio) {
        this.name = "citizen-" + number;
        this.phone = "+1415267%04d".formatted(number);
        this.withApp = number % 2 == 0;
        this.twilio = twilio;
        this.browser = new ChaosBrowser(nodes, "10.3." + number / 250 + "." + number % 250);
    }

    /** One life; ends early where the site is away for too long. */
    void live() throws InterruptedException {
        if (!signUp()) {
            return;
        }
        if (withApp) {
            bindApp();
        } else {
            bindPhone();
        }
        signOut();
        if (signIn()) {
            signOut();
        }
    }

    private boolean signUp() throws InterruptedException {
        Map<String, String> form = Map.of("username", name, "password1", Person.PASSWORD, "password2", Person.PASSWORD);
        Answer answer = persist(
                () -> browser.submit("/sign-up", "/sign-up", form),
                done -> done.leadsTo("/user") || done.status() == 409,
                "account.created",
                "signed-in");
        return answer.leadsTo("/user") || (answer.status() == 409 && signIn());
    }

    private void bindApp() throws InterruptedException {
        Answer page = persist(() -> browser.get("/enable-tfa-via-app"), done -> done.status() == 200);
        Matcher key = KEY.matcher(page.body());
        if (!key.find()) {
            return;
        }
        seed = TotpSecret.parse(key.group(1));
        // The step before, so that this one's is left for signing in.
        String code =
                Totp.code(seed.orElseThrow(), Totp.step(Instant.now()) - 1).value();
        persist(
                () -> browser.submit("/enable-tfa-via-app", "/enable-tfa-via-app", Map.of("token", code)),
                done -> done.status() == 303 || done.status() == 422,
                done -> done.leadsTo("/user?changed"),
                "factor.bound");
    }

    private void bindPhone() throws InterruptedException {
        int before = twilio.ledger().messagesTo(phone).size();
        Answer asked = persist(
                () -> browser.submit(
                        "/enable-tfa-via-sms?another", "/enable-tfa-via-sms", Map.of("phone_number", phone)),
                done -> done.status() == 303);
        if (!asked.leadsTo("/enable-tfa-via-sms") || !awaitText(before)) {
            return;
        }
        persist(
                () -> browser.submit("/enable-tfa-via-sms", "/enable-tfa-via-sms", Map.of("token", newestCode())),
                done -> done.status() == 303 || done.status() == 422,
                done -> done.leadsTo("/user?changed"),
                "factor.bound");
    }

    private void signOut() throws InterruptedException {
        Answer page = persist(() -> browser.get("/logout"), done -> done.status() == 200 || done.status() == 303);
        if (page.status() == 200) {
            persist(() -> browser.submit("/logout", "/logout", Map.of()), done -> done.status() == 303, "signed-out");
        }
    }

    private boolean signIn() throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            int before = twilio.ledger().messagesTo(phone).size();
            Map<String, String> form = Map.of("username", name, "password", Person.PASSWORD);
            Answer answer = persist(
                    () -> browser.submit("/", "/", form),
                    done -> done.status() == 303 || done.status() == 401,
                    done -> done.leadsTo("/user"),
                    "signed-in");
            if (answer.status() == 401) {
                violations.add("the right password was refused");
                return false;
            }
            if (answer.leadsTo("/user")) {
                return true;
            }
            if (answer.leadsTo("/verify-tfa") && secondDoor(before)) {
                return true;
            }
        }
        return false;
    }

    /** Sends the right code twice at once: it may open the door once at most. */
    private boolean secondDoor(int textsBefore) throws InterruptedException {
        if (seed.isEmpty() && !awaitText(textsBefore)) {
            return false;
        }
        String code = seed.map(key -> Totp.code(key, Totp.step(Instant.now())).value())
                .orElseGet(this::newestCode);
        Optional<String> csrf = browser.csrf("/verify-tfa");
        if (csrf.isEmpty()) {
            return false;
        }
        List<Answer> answers = twice(() -> browser.postAside("/verify-tfa", csrf.get(), Map.of("token", code)));
        List<Answer> entered =
                answers.stream().filter(answer -> answer.leadsTo("/user")).toList();
        boolean unknown = answers.stream().anyMatch(Answer::isUnknown);
        if (entered.size() > 1) {
            violations.add("one code was accepted twice");
        }
        if (entered.isEmpty() && unknown) {
            count(perhaps, "second-factor.accepted", "signed-in");
        }
        if (entered.isEmpty()) {
            if (!unknown && perhaps.isEmpty() && !gotATextTwice()) {
                violations.add("the right code was refused");
            }
            return false;
        }
        count(acknowledged, "second-factor.accepted", "signed-in");
        if (browser.postAside("/verify-tfa", csrf.get(), Map.of("token", code)).leadsTo("/user")) {
            violations.add("a used code was accepted again");
        }
        browser.keep(entered.getFirst());
        return true;
    }

    private static List<Answer> twice(Supplier<Answer> submission) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> one = threads.submit(submission::get);
            Future<Answer> other = threads.submit(submission::get);
            return List.of(one.get(), other.get());
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean awaitText(int before) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(25).toNanos();
        while (twilio.ledger().messagesTo(phone).size() <= before) {
            if (System.nanoTime() > end) {
                waitedInVain = true;
                return false;
            }
            pause();
        }
        return true;
    }

    /** Then the newest text may be an old one, and its code was the wrong one. */
    private boolean gotATextTwice() {
        List<String> texts = twilio.ledger().messagesTo(phone).stream()
                .map(SentMessage::body)
                .toList();
        return Set.copyOf(texts).size() < texts.size();
    }

    private String newestCode() {
        return Person.codeIn(twilio.ledger().messagesTo(phone).getLast());
    }

    private Answer persist(Supplier<Answer> request, Predicate<Answer> finished, String... events)
            throws InterruptedException {
        return persist(request, finished, finished, events);
    }

    /**
     * Tries until there is an answer that settles it.
     *
     * @param done whether the answer acknowledges the change that leaves these events
     */
    private Answer persist(
            Supplier<Answer> request, Predicate<Answer> finished, Predicate<Answer> done, String... events)
            throws InterruptedException {
        Answer answer = request.get();
        for (int i = 1; i < TRIES && !finished.test(answer); i++) {
            if (answer.isUnknown()) {
                count(perhaps, events);
            }
            if (answer.status() >= 500 && answer.status() != 503) {
                violations.add("status " + answer.status());
            }
            pause();
            answer = request.get();
        }
        if (answer.isUnknown()) {
            count(perhaps, events);
        }
        if (done.test(answer) && answer.status() == 303) {
            count(acknowledged, events);
        }
        return answer;
    }

    private static void count(Map<String, Integer> counts, String... events) {
        for (String event : events) {
            counts.merge(event, 1, Integer::sum);
        }
    }

    /** A person's patience between two tries; what is waited for has no other sign. */
    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(200);
    }
}
