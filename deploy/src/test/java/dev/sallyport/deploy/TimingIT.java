package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refusal tells by nothing whether there is such an account, and how its password is stored. */
class TimingIT {

    /** Whose password is wrong; the names are of one length, so that pages which show them are too. */
    private enum Name {
        ARGON2ID("argon-account"),
        BCRYPT("bcryp-account"),
        UNKNOWN("unkno-account");

        private final String text;

        Name(String text) {
            this.text = text;
        }
    }

    private static final int LANES = 4;
    private static final int TRIES_OF_EACH = 72;

    /** With equal distributions a difference in ranks beyond this comes up once in 15,000 comparisons. */
    private static final double FOUR_SIGMA = 4;

    private final AtomicInteger address = new AtomicInteger();

    @TempDir
    Path folder;

    /** What can be seen of an answer, and how long it took. */
    private record Seen(double millis, int status, Map<String, String> headers, int length) {}

    @Test
    @Tag("long")
    void wrongPasswordsOfAllKindsOfAccountsAndOfNoneLookTheSame() throws Exception {
        try (TestPlatform site = TestPlatform.start(Map.of("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1"))) {
            signUp(site, Name.ARGON2ID);
            importAccount(site, Name.BCRYPT);
            measure(site, 3);
            Map<Name, List<Seen>> seen = measure(site, TRIES_OF_EACH);
            Seen one = seen.get(Name.UNKNOWN).getFirst();
            assertEquals(401, one.status());
            seen.values().stream().flatMap(List::stream).forEach(other -> {
                assertEquals(one.status(), other.status());
                assertEquals(one.headers(), other.headers());
                assertEquals(one.length(), other.length());
            });
            assertAlike(seen, Name.ARGON2ID, Name.UNKNOWN);
            assertAlike(seen, Name.BCRYPT, Name.UNKNOWN);
            assertAlike(seen, Name.ARGON2ID, Name.BCRYPT);
        }
    }

    private static void assertAlike(Map<Name, List<Seen>> seen, Name one, Name other) {
        List<Double> a = seen.get(one).stream().map(Seen::millis).toList();
        List<Double> b = seen.get(other).stream().map(Seen::millis).toList();
        String what = "%s: median %.1f ms, %s: median %.1f ms, ranks differ by %.1f sigma"
                .formatted(one, median(a), other, median(b), rankDifference(a, b));
        assertTrue(Math.abs(rankDifference(a, b)) < FOUR_SIGMA, what);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Mann and Whitney's U in standard deviations from what equal distributions give. */
    private static double rankDifference(List<Double> a, List<Double> b) {
        double u = 0;
        for (double x : a) {
            for (double y : b) {
                u += x > y ? 1 : x == y ? 0.5 : 0;
            }
        }
        double n = a.size();
        double m = b.size();
        return (u - n * m / 2) / Math.sqrt(n * m * (n + m + 1) / 12);
    }

    /** Wrong passwords in random order on a few lanes at once, each from an address of its own. */
    private Map<Name, List<Seen>> measure(TestPlatform site, int ofEach) throws Exception {
        List<Name> order = new ArrayList<>();
        for (Name name : Name.values()) {
            order.addAll(Collections.nCopies(ofEach, name));
        }
        Collections.shuffle(order, new Random());
        Map<Name, List<Seen>> seen = new TreeMap<>();
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            List<Future<Map.Entry<Name, Seen>>> tries = new ArrayList<>();
            SiteClient browser = site.visitor();
            String csrf = browser.csrf("/");
            for (Name name : order) {
                tries.add(lanes.submit(() -> Map.entry(name, wrong(browser, csrf, name))));
            }
            for (Future<Map.Entry<Name, Seen>> done : tries) {
                seen.computeIfAbsent(done.get().getKey(), key -> new ArrayList<>())
                        .add(done.get().getValue());
            }
        }
        return seen;
    }

    private Seen wrong(SiteClient browser, String csrf, Name name) {
        int number = address.incrementAndGet();
        HttpRequest.Builder request = browser.form("/", csrf, "username", name.text, "password", "not the password")
                .header("X-Forwarded-For", "10.1." + number / 250 + "." + number % 250);
        long start = System.nanoTime();
        HttpResponse<String> answer = browser.send(request);
        double millis = (System.nanoTime() - start) / 1e6;
        Map<String, String> headers = new TreeMap<>();
        answer.headers().map().forEach((header, values) -> headers.put(header, String.join(" ", values)));
        return new Seen(millis, answer.statusCode(), headers, answer.body().length());
    }

    private static void signUp(TestPlatform site, Name name) {
        HttpResponse<String> answer = site.visitor()
                .submit("/sign-up", "username", name.text, "password1", Person.PASSWORD, "password2", Person.PASSWORD);
        assertEquals(303, answer.statusCode());
    }

    private void importAccount(TestPlatform site, Name name) throws Exception {
        String hash = BCrypt.withDefaults().hashToString(12, Person.PASSWORD.toCharArray());
        JsonObject line = new JsonObject().put("uid", name.text).put("password_hash", hash);
        Path file = Files.writeString(folder.resolve("accounts.ndjson"), line.encode());
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told, true);
        String[] command = {"users", "import", file.toString(), "--region", "US"};
        assertEquals(0, Sallyport.run(command, new HashMap<>(site.environment()), out, out), told.toString());
    }
}
