package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What auditors do: verify the stream as it stands, take it along, prove one record of it to others. */
class AuditCommandIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static OwnBrokerSite own;
    private static Path checkpoints;
    private static Person person;

    private record Answer(int exitCode, String out, String err) {}

    @BeforeAll
    static void signSomeUp() throws InterruptedException {
        checkpoints = folder.resolve("checkpoints");
        own = OwnBrokerSite.start(
                folder.resolve("kafka"),
                Map.of("SALLYPORT_AUDIT_SEAL_EVERY", "1s", "SALLYPORT_AUDIT_CHECKPOINTS_DIR", checkpoints.toString()));
        for (int i = 0; i < 6; i++) {
            person = Person.signedUp(own.platform());
            person.signOut();
            person.signIn();
        }
        person.signOut();
        person.signIn("not my password");
        awaitSealed();
        List<String> export = export();
        Await.until(SOON, () -> verify(export).exitCode() == 0);
    }

    @AfterAll
    static void stop() {
        own.close();
    }

    private static Answer audit(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>();
        environment.put("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", own.broker().bootstrapServers());
        environment.put("SALLYPORT_KEYS_DIR", own.platform().environment().get("SALLYPORT_KEYS_DIR"));
        int exitCode =
                Sallyport.run(all.toArray(String[]::new), environment, new PrintWriter(out), new PrintWriter(err));
        return new Answer(exitCode, out.toString(), err.toString());
    }

    /** Everything that was told so far is sealed, and copied to the folder. */
    private static void awaitSealed() throws InterruptedException {
        Await.until(SOON, () -> {
            Answer answer = audit("verify", "--checkpoints", checkpoints.toString());
            return answer.exitCode() == 0 && answer.out().contains("; 0 records are not sealed yet.");
        });
    }

    private static String key() {
        return audit("key").out().strip();
    }

    /** An export, and where the checkpoints are that it is compared with. */
    private static Answer verify(List<String> export) {
        Path file = folder.resolve("export.ndjson");
        try {
            Files.write(file, export);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return audit("verify", "--export", file.toString(), "--checkpoints", checkpoints.toString(), "--key", key());
    }

    private static List<String> export() {
        Answer answer = audit("export");
        assertEquals(0, answer.exitCode(), answer.err());
        return answer.out().lines().toList();
    }

    @Test
    void whatHappenedIsSealedAndVerified() {
        Answer answer = audit("verify", "--checkpoints", checkpoints.toString(), "--key", key());

        assertEquals(0, answer.exitCode(), answer.out() + answer.err());
        assertTrue(answer.out().endsWith("Everything is as it was sealed.\n"), answer.out());
        assertTrue(answer.out().contains(" of 12 partitions, sealed until "), answer.out());
    }

    @Test
    void anExportHoldsEveryEventAndIsVerifiedWithoutKafka() {
        List<String> export = export();

        Answer answer = verify(export);

        assertEquals(0, answer.exitCode(), answer.out() + answer.err());
        long told = AuditTrail.read(own.broker().bootstrapServers()).entries().size();
        assertEquals(told, export.size());
        assertTrue(answer.out().startsWith(told + " records under "), answer.out());
    }

    @Test
    void aWordThatIsChangedInAnExportIsFoundAtItsOffset() {
        List<String> export = new ArrayList<>(export());
        JsonObject line = new JsonObject(export.get(3));
        export.set(3, export.get(3).replace("Success", "success").replace("Failure", "failure"));

        Answer answer = verify(export);

        assertEquals(1, answer.exitCode());
        assertTrue(
                answer.out()
                        .contains(
                                "CHANGED              partition %d offset %d: the record is not the one that was sealed"
                                        .formatted(line.getInteger("partition"), line.getLong("offset"))),
                answer.out());
    }

    @Test
    void aLineThatIsLeftOutIsMissed() {
        List<String> export = new ArrayList<>(export());
        JsonObject last = new JsonObject(export.removeLast());

        Answer answer = verify(export);

        assertEquals(1, answer.exitCode());
        assertTrue(
                answer.out()
                        .contains("MISSING              partition %d offset %d: the record is not there"
                                .formatted(last.getInteger("partition"), last.getLong("offset"))),
                answer.out());
    }

    @Test
    void whatIsAskedForUntilATimeMustBeSealedUntilThen() throws IOException {
        Path file = folder.resolve("whole.ndjson");
        Files.write(file, export());
        String[] until = {
            "verify",
            "--export",
            file.toString(),
            "--checkpoints",
            checkpoints.toString(),
            "--to",
            Instant.parse("2999-01-01T00:00:00Z").toString()
        };

        Answer answer = audit(until);

        assertEquals(1, answer.exitCode());
        assertTrue(answer.out().contains("NOT SEALED"), answer.out());
    }

    @Test
    void aRecordIsProvenToWhoHasThePublicKeyAndNothingElse() throws IOException {
        JsonObject line = new JsonObject(export().getFirst());
        Answer proof = audit(
                "prove",
                line.getLong("offset").toString(),
                "--partition",
                line.getInteger("partition").toString());
        assertEquals(0, proof.exitCode(), proof.err());
        Path file = folder.resolve("proof.txt");
        Files.writeString(file, proof.out());
        Path keyFile = folder.resolve("sealers.pub");
        Files.writeString(keyFile, key() + "\n");

        Answer answer = audit("verify-proof", file.toString(), "--key", keyFile.toString());

        assertEquals(0, answer.exitCode(), answer.out() + answer.err());
        assertEquals(
                new JsonObject(line.getString("value")),
                new JsonObject(new JsonObject(answer.out().lines().toList().get(1)).getString("value")));

        Files.writeString(file, proof.out().replace("index 0", "index 1").replaceFirst("time 2", "time 3"));
        assertEquals(1, audit("verify-proof", file.toString(), "--key", key()).exitCode());
    }

    @Test
    void anotherKeyVerifiesNothing() {
        String other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

        Answer answer = audit("verify", "--key", other);

        assertEquals(1, answer.exitCode());
        assertTrue(answer.out().contains("nothing is proven"), answer.out());
        assertTrue(answer.out().contains("CHECKPOINT_FORGED"), answer.out());
    }

    @Test
    @Tag("long")
    void anotherNodeTakesItsShareAndGivesItBackAndTheChainGoesOn() throws Exception {
        Platform other = own.platform().anotherNode();
        Person.signedUp(own.platform());
        awaitSealed();
        other.stop();
        Person.signedUp(own.platform());
        awaitSealed();
    }

    @Test
    void aPersonsStoryIsALineForEachEvent() {
        Answer answer = audit("tail", "--account", person.name);

        assertEquals(0, answer.exitCode(), answer.err());
        List<String> lines = answer.out().lines().toList();
        assertEquals(
                List.of(
                        "account.created",
                        "signed-in",
                        "signed-out",
                        "password.accepted",
                        "signed-in",
                        "signed-out",
                        "password.refused"),
                lines.stream().map(line -> line.split(" +")[1]).toList());
        assertTrue(
                lines.getLast()
                        .matches("\\S+Z +password\\.refused +" + person.name
                                + "  wrong-password  Password  sign-in  127\\.0\\.0\\.1.*"),
                lines.getLast());
    }

    @Test
    void typesAndTimesAreChosenAndBodiesPrintedAsTheyAre() {
        Answer refused = audit("tail", "--type", "password.refused,throttled", "--json", "--since", "2h");

        assertEquals(1, refused.out().lines().count(), refused.out());
        JsonObject body = new JsonObject(refused.out());
        assertEquals("wrong-password", body.getString("status_detail"));
        assertEquals("", audit("tail", "--since", "2999-01-01T00:00:00Z").out());
    }

    @Test
    void whatHasHappenedIsCounted() {
        Answer answer = audit("stats");

        assertEquals(0, answer.exitCode(), answer.err());
        assertTrue(answer.out().matches("(?s)\\d+ events about \\d+ accounts since \\S+Z\\n.*"), answer.out());
        assertTrue(answer.out().contains("  password.refused                1   wrong-password 1\n"), answer.out());
        assertTrue(answer.out().contains(" % of the attempts to sign in succeeded\n"), answer.out());
        assertTrue(answer.out().matches("(?s).*\\d processes have told this, each without a gap\n"), answer.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verify --export /nowhere --checkpoints /tmp | /nowhere can't be read",
                "verify --export pom.xml | --checkpoints",
                "verify --checkpoints /nowhere | SALLYPORT_AUDIT_CHECKPOINTS_DIR",
                "verify --key nonsense | not a public key",
                "verify --from yesterday | no time, such as",
                "tail --since soon | no time, such as",
                "stats --since 2w | no time, such as",
                "prove 99999999 --partition 0 | There is no record of offset 99999999",
                "prove 0 --partition 77 | the partitions 0 to 11",
                "prove 0 | --partition",
                "verify-proof pom.xml --key x | not a proof",
                "verify-proof pom.xml | --key",
            })
    void whatCanNotBeIsRefusedInWords(String arguments, String words) {
        Answer answer = audit(arguments.strip().split(" "));

        assertTrue(answer.exitCode() == 1 || answer.exitCode() == 2, "exit code " + answer.exitCode());
        assertTrue(answer.err().contains(words.strip()), answer.err());
        assertTrue(!answer.err().contains("mistake in the program"), answer.err());
    }
}
