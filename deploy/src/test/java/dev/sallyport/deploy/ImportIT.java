package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** People of another application, brought along with hashes that other libraries made, go through the doors. */
class ImportIT {

    private static final String SHORT_SECRET = "JBSWY3DPEHPK3PXP";
    private static final String LONG_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /** Somebody as the original application knew them. */
    private record Old(
            String uid, String password, String hash, Optional<String> secret, Optional<String> phone, String written) {

        static Old of(String uid, String password, String hash) {
            return new Old(uid, password, hash, Optional.empty(), Optional.empty(), "");
        }

        Old withApp(String base32) {
            return new Old(uid, password, hash, Optional.of(base32), phone, written);
        }

        /** @param written as it stands in the file */
        Old withPhone(String e164, String written) {
            return new Old(uid, password, hash, secret, Optional.of(e164), written);
        }

        /** A line of the file; what is not enabled is there all the same. */
        String line() {
            return new JsonObject()
                    .put("_id", new JsonObject().put("$oid", "54f0e5aa313f5d824680d6c9"))
                    .put("uid", uid)
                    .put("password_hash", hash)
                    .put("totp_secret", secret.orElse(SHORT_SECRET))
                    .put("totp_enabled_via_app", secret.isPresent())
                    .put("totp_enabled_via_sms", phone.isPresent())
                    .put("phone_number", phone.isPresent() ? written : "(415) 267-9999")
                    .encode();
        }

        String folded() {
            return uid.toLowerCase(Locale.ROOT).replace("ß", "ss");
        }

        boolean hasSecondFactor() {
            return secret.isPresent() || phone.isPresent();
        }

        @Override
        public String toString() {
            return uid;
        }
    }

    @TempDir
    static Path folder;

    private static final List<Old> PEOPLE = new ArrayList<>();

    private static final Old UNDECIDED =
            python("undecided", "2b", "a password").withApp(SHORT_SECRET).withPhone("+14152670006", "(415) 267.0006");

    private static UpPlatform site;

    @BeforeAll
    static void bringThemAlong() throws Exception {
        site = UpPlatform.start(folder.resolve("data"));
        Path file = folder.resolve("people.ndjson");
        Files.write(
                file,
                Stream.concat(people().stream(), Stream.of(UNDECIDED))
                        .map(Old::line)
                        .toList());
        JarProcess.Ended run =
                JarProcess.run(folder, site.environment(), "users", "import", file.toString(), "--region", "US");
        assertEquals(PEOPLE.size() + 1 + " imported, 0 were there already, 0 bad lines.\n", run.out(), run.err());
        assertEquals(0, run.exitCode());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    static List<Old> people() {
        if (PEOPLE.isEmpty()) {
            Collections.addAll(
                    PEOPLE,
                    python("umlauts", "2a", "Grüße aus Köln"),
                    python("emoji@example.com", "2b", "🔑 und 🚪🚪"),
                    python("short", "2b", "abc"),
                    python("spaces", "2a", "  two  in front, one behind "),
                    python("bytes72", "2b", "é".repeat(36)),
                    python("bytes100", "2a", "correct horse ".repeat(7) + "!!"),
                    Old.of("slow", "cost twelve", Programs.pythonBcrypt("2b", 12, "cost twelve")),
                    Old.of("php", "Straße 2y", Programs.libraryBcrypt("Straße 2y")),
                    python("Große.App", "2a", "a password").withApp(SHORT_SECRET),
                    python("longer-key", "2b", "a password").withApp(LONG_SECRET),
                    python("lower-key", "2b", "a password").withApp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"),
                    python("phone1", "2b", "a password").withPhone("+14152670001", "(415) 267-0001"),
                    python("phone2", "2b", "a password").withPhone("+14152670002", "415.267.0002"),
                    python("phone3", "2b", "a password").withPhone("+14152670003", "1 415 267 0003"),
                    python("phone4", "2b", "a password").withPhone("+16042670004", "+1 (604) 267-0004"),
                    python("both", "2b", "a password").withApp(LONG_SECRET).withPhone("+14152670005", "4152670005"));
        }
        return PEOPLE;
    }

    @ParameterizedTest
    @MethodSource("people")
    void anImportedPersonSignsInWithTheOldPasswordAndFactor(Old person) throws InterruptedException {
        assertEquals(
                401, signIn(site.visitor(), person, "x" + person.password()).statusCode());
        assertEquals(person.hash(), passwordHash(person), "a wrong password must not replace a hash");

        SiteClient browser = site.visitor();
        throughBothDoors(browser, person);

        assertTrue(passwordHash(person).startsWith("$argon2id$"), passwordHash(person));
        String next = SiteClient.location(signIn(site.visitor(), person, person.password()));
        assertEquals(person.hasSecondFactor() ? "/verify-tfa" : "/user", next, "with the new hash");
        List<String> story = story(person, List.of("password.refused", "signed-in", "password.upgraded"));
        assertEquals("account.imported", story.getFirst());
        assertEquals(1, Collections.frequency(story, "password.upgraded"), story::toString);
    }

    private static void throughBothDoors(SiteClient browser, Old person) throws InterruptedException {
        String next = SiteClient.location(signIn(browser, person, person.password()));
        if (person.secret().isPresent()) {
            assertEquals("/verify-tfa", next);
            String code = Programs.appCode(person.secret().get());
            next = SiteClient.location(browser.submit("/verify-tfa", "token", code));
        } else if (person.phone().isPresent()) {
            assertEquals("/verify-tfa", next);
            String code = site.codes(person.phone().get(), 1).getLast();
            next = SiteClient.location(browser.submit("/verify-tfa", "token", code));
        }
        assertEquals("/user", next);
        assertEquals(200, browser.get("/user").statusCode());
    }

    @Test
    void whoHadBothMayAlsoTakeTheText() throws InterruptedException {
        SiteClient browser = site.visitor();
        signIn(browser, UNDECIDED, UNDECIDED.password());
        browser.submitFrom("/verify-tfa", "/verify-tfa/resend");
        String code = site.codes(UNDECIDED.phone().orElseThrow(), 1).getLast();
        assertEquals("/user", SiteClient.location(browser.submit("/verify-tfa", "token", code)));
    }

    @Test
    void whatIsNotEnabledIsNotBound() {
        Document account = site.account("umlauts");
        assertFalse(account.containsKey("app") || account.containsKey("phone"), account.keySet()::toString);
        assertTrue(site.account("both").keySet().containsAll(List.of("app", "phone")));
    }

    @Test
    void namesAreComparedByFolding() {
        Old shouted = Old.of("GROSSE.APP", "a password", "");
        assertEquals("/verify-tfa", SiteClient.location(signIn(site.visitor(), shouted, shouted.password())));
    }

    private static HttpResponse<String> signIn(SiteClient browser, Old person, String password) {
        return browser.submit("/", "username", person.uid(), "password", password);
    }

    private static String passwordHash(Old person) {
        return site.account(person.folded()).getString("passwordHash");
    }

    /** What is on the audit topic about somebody, once it tells of all this. */
    private static List<String> story(Old person, List<String> chapters) throws InterruptedException {
        List<String> story = new ArrayList<>();
        Await.until(Duration.ofSeconds(10), () -> {
            story.clear();
            AuditTrail.read(site.kafka()).about(person.uid()).forEach(entry -> story.add(entry.type()));
            return story.containsAll(chapters);
        });
        return story;
    }

    private static Old python(String uid, String version, String password) {
        return Old.of(uid, password, Programs.pythonBcrypt(version, 4, password));
    }
}
