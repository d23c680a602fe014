package dev.sallyport.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./sallyport users import} makes of a file, and what it says where it can't. */
class ImportCommandIT {

    private static final String HASH = Programs.pythonBcrypt("2b", 4, "a password");
    private static final String SECRET = "JBSWY3DPEHPK3PXP";
    private static final String PHONE = "(415) 267-8888";

    @TempDir
    static Path folder;

    private static UpPlatform site;

    /** A line that can't be imported, and what is told of it. */
    private record Bad(String line, String reason) {}

    @BeforeAll
    static void start() {
        site = UpPlatform.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void badLinesAreListedAndTheGoodOnesStand() throws Exception {
        String[] account = {"username", "already-here", "password1", Person.PASSWORD, "password2", Person.PASSWORD};
        assertEquals(303, site.visitor().submit("/sign-up", account).statusCode());
        List<Bad> bad = badLines();
        List<String> lines = new ArrayList<>(List.of(person("Given").encode()));
        bad.forEach(one -> lines.add(one.line()));
        lines.add(person("second").put("totp_enabled_via_app", false).encode());
        Path file = file("bad.ndjson", String.join("\n", lines).getBytes(UTF_8));
        String list = IntStream.range(0, bad.size())
                .mapToObj(i -> "line " + (i + 2) + ": " + bad.get(i).reason() + "\n")
                .collect(Collectors.joining());

        JarProcess.Ended first = run(file);
        JarProcess.Ended second = run(file);

        String count = bad.size() + " bad lines.\n";
        assertEquals(list + "2 imported, 0 were there already, " + count, first.out(), first.err());
        assertEquals(list + "0 imported, 2 were there already, " + count, second.out(), second.err());
        assertEquals(List.of(1, 1), List.of(first.exitCode(), second.exitCode()));
        assertEquals("", first.err() + second.err());
        for (String secret : List.of(HASH.substring(7), SECRET, "8888", "Given", "harbour")) {
            assertFalse(first.out().contains(secret), secret);
        }
    }

    private static List<Bad> badLines() {
        return List.of(
                new Bad(person("cut-off").encode().substring(0, 60), "not a JSON document"),
                new Bad(person("two").encode() + person("in-one"), "not a JSON document"),
                new Bad("null", "not a JSON document"),
                new Bad("[" + person("in-a-list").encode() + "]", "not a JSON document"),
                new Bad("[".repeat(20_000), "not a JSON document"),
                new Bad("\"harbour\"", "not a JSON document"),
                new Bad("{}", "uid is missing or not a text"),
                bad("ab", "uid", "ab", "uid is shorter than 3 characters"),
                bad("long", "uid", "a".repeat(255), "uid is longer than 254 characters"),
                bad("spaces", "uid", "two words", "uid has a space inside"),
                bad("unseen", "uid", "a\u200bb", "uid has a character that can't be seen or typed reliably"),
                bad("same", "uid", "gIVEN", "uid is the same user name as in line 1"),
                bad("taken", "uid", "Already-Here", "uid is taken by an account that was not imported"),
                bad("number", "password_hash", 5, "password_hash is missing or not a text"),
                bad("md5", "password_hash", "$1$abcdefgh$" + "x".repeat(22), badHash()),
                bad("crypt", "password_hash", HASH.replace("$2b$", "$2x$"), badHash()),
                bad("cost", "password_hash", HASH.replace("$04$", "$17$"), badHash()),
                bad("cut", "password_hash", HASH.substring(0, 59), badHash()),
                bad("flag", "totp_enabled_via_app", "true", "totp_enabled_via_app is neither true nor false"),
                bad("no-key", "totp_secret", "", "totp_secret is missing or not a text"),
                bad("key", "totp_secret", "JBSWY3DPEHPK3", "totp_secret is not base32 of 16 to 103 characters"),
                bad("key1", "totp_secret", "0189" + SECRET, "totp_secret is not base32 of 16 to 103 characters"),
                bad("no-phone", "phone_number", null, "phone_number is missing or not a text"),
                bad("words", "phone_number", "call me", "phone_number is not a phone number"),
                bad(
                        "none",
                        "phone_number",
                        "(555) 123-8888",
                        "phone_number is a number that no phone in that region has"),
                bad(
                        "ext",
                        "phone_number",
                        PHONE + " ext. 3",
                        "phone_number has an extension, which text messages don't reach"),
                bad(
                        "abroad",
                        "phone_number",
                        "+44 7911 128888",
                        "phone_number is of a region that is not among SALLYPORT_PHONE_REGIONS"),
                bad("free", "phone_number", "(800) 234-8888", "phone_number is not of a mobile phone"),
                bad("huge", "note", "x".repeat(70_000), "longer than 65536 bytes"));
    }

    private static String badHash() {
        return "password_hash is not a bcrypt hash ($2a$, $2b$ or $2y$) of cost 4 to 16";
    }

    @Test
    void filesOfWindowsAndOfOtherEncodingsAreReadAsFarAsTheyCanBe() throws Exception {
        String good = "\uFEFF" + person("windows1").encode() + "\r\n\r\n  \r\n"
                + person("windows2").encode() + "\r\n";
        byte[] latin = person("m\u00fcller").encode().getBytes(ISO_8859_1);
        Path file = file("windows.ndjson", good.getBytes(UTF_8), latin, "\n\n".getBytes(UTF_8));

        JarProcess.Ended run = run(file);

        assertEquals("line 5: not UTF-8\n2 imported, 0 were there already, 1 bad lines.\n", run.out(), run.err());
        assertEquals(1, run.exitCode());
    }

    @Test
    @Tag("long")
    void aLongFileLeavesEachEventOnceAndNothingPending() throws Exception {
        Path file = folder.resolve("long.ndjson");
        try (RandomAccessFile line = new RandomAccessFile(file.toFile(), "rw")) {
            // One line that is longer than the memory of the command.
            line.setLength(400L << 20);
        }
        Files.writeString(file, "\n" + lines("many", 1_000), StandardOpenOption.APPEND);

        JarProcess.Ended run = run(file);

        assertEquals(
                "line 1: longer than 65536 bytes\n1000 imported, 0 were there already, 1 bad lines.\n",
                run.out(),
                run.err());
        List<String> names = AuditTrail.read(site.kafka()).entries().stream()
                .filter(entry -> entry.type().equals("account.imported"))
                .map(AuditTrail.Entry::userName)
                .filter(name -> name.startsWith("many"))
                .toList();
        assertEquals(1_000, names.size());
        assertEquals(1_000, names.stream().distinct().count());
        Document pending = new Document("pendingSince", new Document("$exists", true));
        assertEquals(List.of(), site.accounts(pending), "events that the command left to others");
    }

    @Test
    void oneKeyIsEnoughAgainstServersElsewhere() throws Exception {
        Path keys = Files.createDirectory(folder.resolve("one-key"));
        Files.copy(folder.resolve("data/keys/account-data.json"), keys.resolve("account-data.json"), COPY_ATTRIBUTES);
        Map<String, String> environment = elsewhere(site.kafka(), keys);
        Path file = file("elsewhere.ndjson", person("elsewhere").encode().getBytes(UTF_8));

        JarProcess.Ended run = JarProcess.run(folder, environment, "users", "import", file.toString());

        assertEquals("1 imported, 0 were there already, 0 bad lines.\n", run.out(), run.err());
        SiteClient browser = site.visitor();
        browser.submit("/", "username", "elsewhere", "password", "a password");
        String code = Programs.appCode(SECRET);
        assertEquals("/user", SiteClient.location(browser.submit("/verify-tfa", "token", code)));
    }

    @Test
    @Tag("long")
    void aStoreThatGoesAwayIsToldWithTheLineAndTheNextRunGoesOnThere() throws Exception {
        int people = 1_500;
        Path file = file("cut.ndjson", lines("cut", people).getBytes(UTF_8));
        Map<String, String> environment = new HashMap<>(elsewhere(site.kafka(), folder.resolve("data/keys")));
        Document cut = new Document("username", new Document("$regex", "^cut"));
        try (TcpProxy cable = new TcpProxy()) {
            cable.plugInto(URI.create(site.mongo()).getPort());
            environment.put("SALLYPORT_MONGO_URI", "mongodb://127.0.0.1:" + cable.port());
            try (JarProcess process = JarProcess.start(folder, environment, "users", "import", file.toString())) {
                Await.until(Duration.ofSeconds(30), () -> site.accounts(cut).size() > 20);
                cable.refuse();
                JarProcess.Ended told = process.awaitEnd();
                assertEquals(1, told.exitCode());
                assertTrue(told.err().matches("sallyport: MongoDB stopped answering at line \\d+;.*\\R"), told.err());
            }
        }
        JarProcess.Ended next = run(file);
        assertEquals(0, next.exitCode(), next.err());
        assertFalse(next.out().startsWith("0 ") || next.out().startsWith(people + " "), next.out());
        assertEquals(people, site.accounts(cut).size());
    }

    private static String lines(String name, int people) {
        return IntStream.range(0, people)
                .mapToObj(i -> person(name + i).encode() + "\n")
                .collect(Collectors.joining());
    }

    @Test
    @Tag("long")
    void whatIsMissingIsToldInOneSentenceAndNothingIsImported() throws Exception {
        Path file = file("one.ndjson", person("not-imported").encode().getBytes(UTF_8));
        Path keys = folder.resolve("data/keys");

        assertRefused("can't be read", site.environment(), folder.resolve("no-such.ndjson"));
        assertRefused("can't be read", site.environment(), folder);
        assertRefused(
                "No platform runs on",
                with("SALLYPORT_DATA_DIR", folder.resolve("other").toString()),
                file);
        assertRefused("SALLYPORT_EMBEDDED_MONGO_PORT", with("SALLYPORT_EMBEDDED_MONGO_PORT", "1"), file);
        assertRefused("Kafka did not answer", elsewhere("127.0.0.1:1", keys), file);
        assertRefused("account-data.json", elsewhere(site.kafka(), folder), file);
        assertRefused("XX", site.environment(), file, "--region", "XX");
        assertEquals(List.of(), site.accounts(new Document("username", "not-imported")));
        assertFalse(Files.exists(folder.resolve("other")));
    }

    private static void assertRefused(String saying, Map<String, String> environment, Path file, String... more)
            throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("users", "import", file.toString()));
        arguments.addAll(List.of(more));
        JarProcess.Ended run = JarProcess.run(folder, environment, arguments.toArray(String[]::new));
        assertEquals(1, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("sallyport: ") && run.err().contains(saying), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    private static Map<String, String> elsewhere(String kafka, Path keys) {
        return Map.of(
                "SALLYPORT_MONGO_URI",
                site.mongo(),
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS",
                kafka,
                "SALLYPORT_KAFKA_REPLICATION",
                "1",
                "SALLYPORT_KEYS_DIR",
                keys.toString());
    }

    private static Map<String, String> with(String setting, String value) {
        Map<String, String> environment = new HashMap<>(site.environment());
        environment.put(setting, value);
        return environment;
    }

    private static JarProcess.Ended run(Path file) throws InterruptedException {
        return JarProcess.run(folder, site.environment(), "users", "import", file.toString(), "--region", "US");
    }

    /** Somebody with everything on. */
    private static JsonObject person(String uid) {
        return new JsonObject()
                .put("uid", uid)
                .put("password_hash", HASH)
                .put("totp_secret", SECRET)
                .put("totp_enabled_via_app", true)
                .put("totp_enabled_via_sms", true)
                .put("phone_number", PHONE);
    }

    private static Bad bad(String uid, String field, @Nullable Object value, String reason) {
        return new Bad(person(uid).put(field, value).encode(), reason);
    }

    private static Path file(String name, byte[]... parts) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (byte[] part : parts) {
                out.write(part);
            }
        }
        return file;
    }
}
