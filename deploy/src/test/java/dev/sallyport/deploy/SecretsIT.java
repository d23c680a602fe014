package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoDatabase;
import dev.sallyport.deploy.cluster.Ports;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.types.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Nothing secret lies around readable. A platform of its own, as {@code ./sallyport up} runs it and with all logs at
 * DEBUG, sees every journey once; then each code, key, password and phone number that was used is looked for in every
 * file, document, record, log line, metric and page. A canary in each of these places proves that the search works there.
 */
class SecretsIT {

    private static final Pattern KEY = Pattern.compile("secret(?:=|&#x3D;)([A-Z2-7]+)");
    private static final String CANARY = "canary-" + UUID.randomUUID();

    @TempDir
    Path folder;

    private final List<Needle> secrets = new ArrayList<>();
    /** What pages must not show; a page that asks for something shows it, so these are the rest. */
    private final List<Needle> unseen = new ArrayList<>();

    private final List<HttpResponse<String>> answers = new ArrayList<>();
    private final Ports ports = new Ports();
    private final int kafkaPort = ports.take();
    private final int mongoPort = ports.take();
    private final FakeTwilio twilio = FakeTwilio.start();

    @Test
    void nothingSecretIsReadableAnywhere() throws Exception {
        Path data = folder.resolve("data");
        Path logback = Files.writeString(folder.resolve("logback.xml"), everythingAtDebug());
        RoleNode platform = new RoleNode(
                "everything",
                folder.resolve("everything"),
                JarProcess.JAR.with("-Dlogback.configurationFile=" + logback),
                environment(data),
                ports);
        try (ports;
                platform) {
            platform.start();
            platform.awaitReady(Duration.ofSeconds(60));
            walkEveryWay(platform);
            plantCanaries(data);
            assertTrue(platform.body("/metrics").contains("sallyport_events_total"));
            assertSecretsAbsent("metrics", List.of(bytes(platform.body("/metrics"))));
            assertOnlyCanary("documents", documents());
            assertOnlyCanary("records", records());
            platform.stop();
        } finally {
            twilio.close();
        }
        assertOnlyCanary("files", files(data));
        assertOnlyCanary("log", List.of(Files.readAllBytes(platform.logFile())));
        assertSecretsAbsent("greeting", List.of(Files.readAllBytes(platform.outFile())));
        assertPagesShowNothing();
    }

    private Map<String, String> environment(Path data) {
        Map<String, String> environment = new HashMap<>(twilio.environment());
        environment.put("SALLYPORT_DATA_DIR", data.toString());
        environment.put("SALLYPORT_EMBEDDED_KAFKA_PORT", Integer.toString(kafkaPort));
        environment.put("SALLYPORT_EMBEDDED_MONGO_PORT", Integer.toString(mongoPort));
        environment.put("SALLYPORT_BRAND_NAME", "Acme");
        return environment;
    }

    /** The logging that is shipped, with everything turned up that it does not shut off for good. */
    private static String everythingAtDebug() throws IOException {
        String shipped;
        try (var in = SecretsIT.class.getResourceAsStream("/logback.xml")) {
            shipped = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        String debug =
                shipped.replace("level=\"WARN\"", "level=\"DEBUG\"").replace("level=\"INFO\"", "level=\"DEBUG\"");
        assertTrue(debug.contains("<root level=\"DEBUG\">"), debug);
        return debug;
    }

    private void walkEveryWay(RoleNode platform) throws Exception {
        SiteClient phoneUser = visitor(platform);
        String again = enterByPhone(phoneUser);
        long sent = System.nanoTime();
        enterByApp(visitor(platform));
        enterAsImported(platform);
        typeThePasswordAsName(visitor(platform));
        Duration coolDown = Duration.ofSeconds(30).minusNanos(System.nanoTime() - sent);
        Await.until(
                coolDown.plusSeconds(10),
                () -> phoneUser.submitFrom("/verify-tfa", "/verify-tfa/resend").statusCode() == 303);
        Await.until(
                Duration.ofSeconds(10),
                () -> twilio.ledger().messagesTo("+14152670101").size() == 3);
        assertEquals(303, phoneUser.submit("/verify-tfa", "token", again).statusCode());
        assertEquals(303, phoneUser.submit("/logout").statusCode());
    }

    /** Up to the second door; returns the code that opens it. */
    private String enterByPhone(SiteClient browser) throws InterruptedException {
        String password = secret("password", "a lighthouse keeper's Ümlaut 1");
        String other = secret("mistyped password", "a lighthouse keeper's Umlaut 2");
        String name = "phone-user@example.com";
        assertEquals(
                422,
                browser.submit("/sign-up", "username", name, "password1", password, "password2", other)
                        .statusCode());
        assertEquals(
                303,
                browser.submit("/sign-up", "username", name, "password1", password, "password2", password)
                        .statusCode());
        secrets.add(Needle.text("refused number", "7911123456"));
        assertEquals(
                422,
                browser.submit("/enable-tfa-via-sms", "phone_number", "+44 7911 123456")
                        .statusCode());
        secret("number", "4152670101");
        secret("number as typed", "(415) 267-0101");
        assertEquals(
                303,
                browser.submit("/enable-tfa-via-sms", "phone_number", "(415) 267-0101")
                        .statusCode());
        String code = secret("code", textedCode("+14152670101", 1));
        String wrong = secret("wrong code", code.equals("530471") ? "530472" : "530471");
        assertEquals(422, browser.submit("/enable-tfa-via-sms", "token", wrong).statusCode());
        assertEquals(303, browser.submit("/enable-tfa-via-sms", "token", code).statusCode());
        assertEquals(303, browser.submit("/logout").statusCode());
        assertEquals(
                401, browser.submit("/", "username", name, "password", other).statusCode());
        assertEquals(
                303, browser.submit("/", "username", name, "password", password).statusCode());
        String second = secret("second code", textedCode("+14152670101", 2));
        String wrongAgain = secret("second wrong code", second.equals("602214") ? "602215" : "602214");
        assertEquals(401, browser.submit("/verify-tfa", "token", wrongAgain).statusCode());
        return second;
    }

    private void enterByApp(SiteClient browser) {
        String password = secret("app user's password", "seven swans a-swimming 7");
        String name = "app-user@example.com";
        browser.submit("/sign-up", "username", name, "password1", password, "password2", password);
        Matcher key = KEY.matcher(browser.get("/enable-tfa-via-app").body());
        assertTrue(key.find());
        TotpSecret seed = seed("app", key.group(1));
        assertEquals(200, browser.getBytes("/auth-qr-code.png").statusCode());
        // The code of the step before binds, so that this step's is left for signing in.
        String before =
                secret("app code", Totp.code(seed, Totp.step(Instant.now()) - 1).value());
        assertEquals(303, browser.submit("/enable-tfa-via-app", "token", before).statusCode());
        assertEquals(303, browser.submit("/logout").statusCode());
        browser.submit("/", "username", name, "password", password);
        String now = secret(
                "second app code", Totp.code(seed, Totp.step(Instant.now())).value());
        assertEquals(303, browser.submit("/verify-tfa", "token", now).statusCode());
        assertEquals(200, browser.get("/user").statusCode());
    }

    private void enterAsImported(RoleNode platform) throws Exception {
        String password = secret("imported password", "eleven pipers piping 11");
        String hash = BCrypt.withDefaults().hashToString(10, password.toCharArray());
        TotpSecret seed = seed("imported", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ");
        secret("imported number", "4152670202");
        Path file = Files.writeString(
                folder.resolve("accounts.ndjson"),
                new JsonObject()
                        .put("uid", "imported-user")
                        .put("password_hash", hash)
                        .put("totp_secret", seed.base32())
                        .put("totp_enabled_via_app", true)
                        .put("totp_enabled_via_sms", true)
                        .put("phone_number", "(415) 267-0202")
                        .encode());
        JarProcess.Ended imported =
                JarProcess.run(folder, platform.environment(), "users", "import", file.toString(), "--region", "US");
        assertEquals(0, imported.exitCode(), imported.err());
        assertSecretsAbsent("import", List.of(bytes(imported.out()), bytes(imported.err())));
        SiteClient browser = visitor(platform);
        browser.submit("/", "username", "imported-user", "password", password);
        String code = secret(
                "imported app's code", Totp.code(seed, Totp.step(Instant.now())).value());
        assertEquals(303, browser.submit("/verify-tfa", "token", code).statusCode());
        assertEquals(200, browser.get("/user").statusCode());
    }

    private void typeThePasswordAsName(SiteClient browser) {
        String password = "my password in the wrong box 3";
        secrets.add(Needle.text("password typed as name", password));
        assertEquals(
                401,
                browser.submit("/", "username", password, "password", password).statusCode());
    }

    private String secret(String what, String text) {
        Needle needle = Needle.text(what, text);
        secrets.add(needle);
        unseen.add(needle);
        return text;
    }

    private TotpSecret seed(String what, String base32) {
        TotpSecret seed = TotpSecret.parse(base32).orElseThrow();
        secrets.add(Needle.bytes(what + " seed", seed.bytes()));
        secrets.add(Needle.text(what + " seed in base32", base32));
        secrets.add(Needle.text(what + " seed as shown", base32.replaceAll("(.{4})(?=.)", "$1 ")));
        return seed;
    }

    private String textedCode(String number, int nth) throws InterruptedException {
        Await.until(
                Duration.ofSeconds(20), () -> twilio.ledger().messagesTo(number).size() >= nth);
        return Person.codeIn(twilio.ledger().messagesTo(number).get(nth - 1));
    }

    private SiteClient visitor(RoleNode platform) {
        return new SiteClient(platform.url()).watchedBy(answers::add);
    }

    private void plantCanaries(Path data) throws Exception {
        Files.writeString(data.resolve("canary.txt"), CANARY);
        try (MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + mongoPort)) {
            Document document = new Document("text", CANARY).append("bytes", new Binary(bytes(CANARY)));
            Mono.from(client.getDatabase("sallyport").getCollection("canaries").insertOne(document))
                    .block();
        }
        String kafka = "127.0.0.1:" + kafkaPort;
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>("sallyport.audit", CANARY, CANARY);
            record.headers().add(new RecordHeader("canary", bytes(CANARY)));
            producer.send(record).get();
        }
        // The broker logs which groups are joined, which puts this canary into the platform's own log.
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "group.id", CANARY),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("sallyport.audit"));
            Await.until(Duration.ofSeconds(20), () -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
        }
    }

    private List<byte[]> documents() {
        List<byte[]> documents = new ArrayList<>();
        try (MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + mongoPort)) {
            for (String name : Flux.from(client.listDatabaseNames()).toIterable()) {
                MongoDatabase database = client.getDatabase(name);
                for (String collection :
                        Flux.from(database.listCollectionNames()).toIterable()) {
                    Flux.from(database.getCollection(collection, RawBsonDocument.class)
                                    .find())
                            .toIterable()
                            .forEach(document -> {
                                documents.add(document.getByteBuffer().array());
                                documents.add(bytes(document.toJson()));
                            });
                }
            }
        }
        return documents;
    }

    private List<byte[]> records() {
        List<byte[]> parts = new ArrayList<>();
        try (TopicReader reader = new TopicReader("127.0.0.1:" + kafkaPort)) {
            for (ConsumerRecord<byte[], byte[]> record : reader.everything()) {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                for (byte[] part : new byte[][] {record.key(), record.value()}) {
                    whole.writeBytes(part == null ? new byte[0] : part);
                    whole.write('\n');
                }
                record.headers().forEach(header -> {
                    whole.writeBytes(bytes(header.key() + "="));
                    whole.writeBytes(header.value());
                    whole.write('\n');
                });
                parts.add(whole.toByteArray());
            }
        }
        return parts;
    }

    private static List<byte[]> files(Path data) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    /** The canary must be there, in the store's and the broker's own files too, and nothing else. */
    private void assertOnlyCanary(String where, List<byte[]> contents) {
        Needle canary = Needle.text("canary", CANARY);
        long found = contents.stream()
                .filter(content -> canary.in(content).isPresent())
                .count();
        long expected = where.equals("files") ? 3 : 1;
        assertTrue(found >= expected, "the canary was found " + found + " times in " + where);
        assertSecretsAbsent(where, contents);
    }

    private void assertSecretsAbsent(String where, List<byte[]> contents) {
        List<String> found = new ArrayList<>();
        for (Needle secret : secrets) {
            for (byte[] content : contents) {
                secret.in(content).ifPresent(place -> found.add(where + ": " + place));
            }
        }
        assertEquals(List.of(), found);
    }

    /** A page shows again what a person typed into a box that is no secret's, and a key while it is being bound. */
    private void assertPagesShowNothing() {
        List<String> found = new ArrayList<>();
        boolean seenName = false;
        for (HttpResponse<String> answer : answers) {
            byte[] whole = bytes(answer.headers().map() + "\n" + answer.body());
            seenName |= Needle.text("name", "phone-user@example.com").in(whole).isPresent();
            String path = answer.uri().getPath();
            boolean asksForNumber = path.equals("/enable-tfa-via-sms") && answer.statusCode() == 422;
            for (Needle secret : unseen) {
                if (!(asksForNumber && secret.what().startsWith("number"))) {
                    secret.in(whole)
                            .ifPresent(place -> found.add(answer.request().method() + " " + path + ": " + place));
                }
            }
            if (!path.equals("/enable-tfa-via-app")) {
                secrets.stream()
                        .filter(secret -> secret.what().contains("seed"))
                        .flatMap(secret -> secret.in(whole).stream())
                        .forEach(place -> found.add(path + ": " + place));
            }
        }
        assertTrue(seenName, "no page showed the name");
        assertEquals(List.of(), found);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
