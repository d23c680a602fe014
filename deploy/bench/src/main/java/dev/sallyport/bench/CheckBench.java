package dev.sallyport.bench;

import dev.sallyport.bench.ProtectedSite.Node;
import dev.sallyport.bench.Wrk.Calm;
import dev.sallyport.bench.Wrk.Rate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.BulkOperation;
import io.vertx.ext.mongo.MongoClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.ToDoubleFunction;

/** What a proxy's question costs, while the session is remembered and when it is one of very many. */
final class CheckBench {

    private static final int SESSIONS = 100_000;
    private static final int AT_ONCE = 1_000;
    private static final Duration TWICE_ROUND = Duration.ofMinutes(2);

    /** One round. */
    private record Pair(Rate hello, Rate check, Calm calmHello, Calm calm) {

        /** Of what it answers at most. */
        double load() {
            return calm.perSecond() / check.perSecond();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "hello %s, check %s; at %.2f of that p99 %.1f ms, hello's at as much %.1f ms",
                    hello,
                    check,
                    load(),
                    calm.p99(),
                    calmHello.p99());
        }
    }

    private final Site site;
    private final ProtectedSite protectedSite;
    private final Node node;
    private final Rounds rounds;

    CheckBench(Site site, ProtectedSite protectedSite, Rounds rounds) {
        this.site = site;
        this.protectedSite = protectedSite;
        this.node = protectedSite.nodes().getFirst();
        this.rounds = rounds;
    }

    void run(Report report) {
        Person person = site.signUp(1).getFirst();
        Browser browser = site.visitor(node.httpPort());
        if (!person.signIn(browser)) {
            throw new IllegalStateException("the site is busy before the bench begins");
        }
        String cookie = protectedSite.enter(node, browser);
        int port = Part.freePort();
        try (Part hello = Part.java("hello", Server.class.getName(), "hello", "" + port)) {
            List<Part> parts = new ArrayList<>(site.parts());
            parts.addAll(protectedSite.parts());
            parts.add(hello);
            String helloUrl = "http://127.0.0.1:" + port + "/";
            warmUp(hello, helloUrl, cookie);
            List<Pair> pairs = rounds.of("checks", new Machine(parts), () -> pair(hello, helloUrl, cookie));
            report(report, pairs);
        }
        many(report);
    }

    private void warmUp(Part hello, String helloUrl, String cookie) {
        for (int i = 0; i < 5; i++) {
            Wrk.rate(hello, helloUrl);
            Wrk.rate(node.part(), node.url(), ProtectedSite.asked(cookie));
        }
    }

    private Pair pair(Part hello, String helloUrl, String cookie) {
        Rate bare = Wrk.rate(hello, helloUrl);
        Rate check = Wrk.rate(node.part(), node.url(), ProtectedSite.asked(cookie));
        double half = check.perSecond() / 2;
        Calm calmHello = Wrk.calm(half, helloUrl);
        return new Pair(bare, check, calmHello, Wrk.calm(half, node.url(), ProtectedSite.asked(cookie)));
    }

    private static void report(Report report, List<Pair> pairs) {
        double[] rates = values(pairs, pair -> pair.check.perSecond() / pair.hello.perSecond());
        double[] p99 = values(pairs, pair -> pair.calm.p99());
        report.figure(
                "Checks of a remembered session, requests/s to a bare Vert.x hello",
                "≥ 0.7",
                Report.spread(2, "", rates),
                Load.quantile(0.5, rates) >= 0.7);
        report.figure(
                "A check at half of saturation, p99",
                "≤ 5 ms",
                Report.spread(1, "ms", p99),
                Load.quantile(0.5, p99) <= 5);
        report.section("Checks for proxies", """
                wrk with 16 connections beside the server, in turns; a check is answered with all headers and a signed assertion. Its
                processor time is %s times that of the bare hello: %s against %s. The 99th percentile was taken at %s of
                saturation; that of the bare hello at as many requests a second is %s.
                """.formatted(
                        Report.spread(2, "", values(pairs, pair -> pair.check.micros() / pair.hello.micros())),
                        Report.spread(0, "µs", values(pairs, pair -> pair.check.micros())),
                        Report.spread(0, "µs", values(pairs, pair -> pair.hello.micros())),
                        Report.spread(2, "", values(pairs, Pair::load)),
                        Report.spread(1, "ms", values(pairs, pair -> pair.calmHello.p99()))));
    }

    private static double[] values(List<Pair> pairs, ToDoubleFunction<Pair> value) {
        return pairs.stream().mapToDouble(value).toArray();
    }

    /** Each of very many sessions is asked for in turn, twice: the second time nothing is new any more. */
    private void many(Report report) {
        List<String> cookies = open();
        String script = Wrk.script("""
                local cookies = {}
                for line in io.lines("%s") do cookies[#cookies + 1] = "sallyport-site=" .. line end
                local next = 0
                request = function()
                  next = next %% #cookies + 1
                  return wrk.format("GET", nil, {
                    ["X-Original-URL"] = "http://%s/page?a=b", ["X-Original-Method"] = "GET", ["Cookie"] = cookies[next]})
                end
                """.formatted(file(cookies), ProtectedSite.HOST));
        long before = node.part().residentMegabytes();
        double first = Wrk.perSecond((int) TWICE_ROUND.toSeconds(), 16, node.url(), "-s", script);
        long after = node.part().residentMegabytes();
        double second = Wrk.perSecond((int) TWICE_ROUND.toSeconds(), 16, node.url(), "-s", script);
        long again = node.part().residentMegabytes();
        double rounds = first * TWICE_ROUND.toSeconds() / SESSIONS;
        report.figure(
                "Resident memory after two further minutes of checks of 100,000 sessions, to the two before",
                "≤ 1.05",
                String.format(Locale.ROOT, "%.2f", again / (double) after),
                again <= 1.05 * after);
        report.section(
                "100,000 sessions", String.format(Locale.ROOT, """
                        Checks of 100,000 live sessions in turn, so that nearly each takes a read of the store: %.0f and %.0f a second in
                        two times two minutes, which is %.1f times round in the first. Resident memory of the node: %d MB before, %d MB
                        after the first, %d MB after the second.
                        """, first, second, rounds, before, after, again));
    }

    private static Path file(List<String> lines) {
        try {
            Path file = Files.createTempFile("cookies-", ".txt");
            file.toFile().deleteOnExit();
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sessions as the product stores them, each with a cookie at the protected site. */
    private List<String> open() {
        MongoClient client = MongoClient.create(
                site.vertx(),
                new JsonObject()
                        .put("connection_string", "mongodb://127.0.0.1:" + site.storePort())
                        .put("db_name", "sallyport"));
        List<String> cookies = new ArrayList<>();
        for (int done = 0; done < SESSIONS; done += AT_ONCE) {
            List<BulkOperation> some = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                String handle = UUID.randomUUID().toString();
                String secret = hash(handle);
                cookies.add(handle + '.' + secret);
                some.add(BulkOperation.createInsert(session(handle, secret)));
            }
            client.bulkWrite("sessions", some)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
        client.close().toCompletionStage().toCompletableFuture().join();
        return cookies;
    }

    private static JsonObject session(String handle, String secret) {
        Instant now = Instant.now();
        long end = now.plus(Duration.ofHours(12)).toEpochMilli();
        return new JsonObject()
                .put("_id", handle)
                .put("tokenHash", hash("token of " + handle))
                .put("account", handle)
                .put("userName", handle + "@example.com")
                .put(
                        "proofs",
                        new JsonArray()
                                .add(new JsonObject().put("factor", "PASSWORD").put("at", now.toEpochMilli())))
                .put("createdAt", now.toEpochMilli())
                .put("lastSeen", now.toEpochMilli())
                .put("endsAt", end)
                .put("purgeAfter", end)
                .put("address", "203.0.113.9")
                .put("browser", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .put("sites", new JsonObject().put(base64(ProtectedSite.HOST), new JsonArray().add(hash(secret))));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
