package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.sms.SendCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see and switch of a running dispatcher, with Kafka's address alone; and what its limits hold back. */
class SmsOperationsIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @TempDir
    private static Path folder;

    private static OwnBrokerSite own;
    private static EventTap tap;

    private record Answer(int exitCode, String out, String err) {}

    @BeforeAll
    static void start() {
        own = OwnBrokerSite.start(
                folder.resolve("kafka"),
                Map.of("SALLYPORT_LIMITS_PHONE_MODE", "enforce", "SALLYPORT_PHONE_REGIONS", "US,CA,GB"));
        tap = new EventTap(own.broker().bootstrapServers(), "sallyport.sms.outcome", "sallyport.sms.dead-letter");
    }

    @AfterAll
    static void stop() {
        tap.close();
        own.close();
    }

    private static Answer sms(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "sms";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Map<String, String> environment =
                Map.of("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", own.broker().bootstrapServers());
        int exitCode = Sallyport.run(all, environment, new PrintWriter(out), new PrintWriter(err));
        return new Answer(exitCode, out.toString(), err.toString());
    }

    private static void set(String... options) {
        Answer answer =
                sms(Stream.concat(Stream.of("limits"), Stream.of(options)).toArray(String[]::new));
        assertEquals(0, answer.exitCode(), answer.err());
    }

    private static OrderForge forge(Path keys) {
        return new OrderForge(
                keys, own.broker().bootstrapServers(), own.platform().clock());
    }

    private static Path keys() {
        return Path.of(own.platform().environment().get("SALLYPORT_KEYS_DIR"));
    }

    /** What becomes of an order of now. */
    private static String told(OrderForge forge, String phone) {
        SendCode order = forge.order(phone, "271828");
        try {
            forge.write(forge.signed(Role.LOGIN, order));
            Seen outcome = tap.await(
                            1,
                            seen -> seen.topic().equals("sallyport.sms.outcome")
                                    && seen.at("message").equals(order.messageId()))
                    .getFirst();
            return (outcome.at("status") + ' ' + outcome.at("rule")).strip();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theThirdMessageToAPhoneAtOnceIsHeldBackAndTheNextOneIsNotOnceItsTimeHasCome() {
        String phone = "+14152680101";
        try (OrderForge forge = forge(keys())) {
            assertEquals("accepted", told(forge, phone));
            assertEquals("accepted", told(forge, phone));
            assertEquals("suppressed phone", told(forge, phone));
            own.platform().clock().advance(Duration.ofSeconds(26));
            assertEquals("accepted", told(forge, phone));
        }
        assertEquals(3, own.platform().twilio().ledger().messagesTo(phone).size());
    }

    @Test
    void aRegionThatIsSwitchedOffGetsNothingUntilItIsOnAgain() throws Exception {
        try (OrderForge forge = forge(keys())) {
            assertEquals("accepted", told(forge, "+447400123456"));
            Answer off = sms("limits", "--region-off", "gb", "--by", "ada");
            assertEquals(0, off.exitCode(), off.err());
            assertTrue(off.out().contains("region GB is off   (ada, "), off.out());
            Await.until(LIMIT, () -> told(forge, "+447400123457").equals("suppressed region"));
            assertEquals("accepted", told(forge, "+14152680102"));
            assertTrue(sms("limits", "--region-on", "GB").out().contains("region GB is on"));
            Await.until(LIMIT, () -> told(forge, "+447400123458").equals("accepted"));
        }
    }

    @Test
    void theRateIsInForceAndGoesBackToWhatIsConfigured() throws Exception {
        assertTrue(sms("limits", "--rate", "7").out().contains("rate 7 a second"));
        Await.until(LIMIT, () -> sms("status").out().contains("rate 7.0/s\n"));
        assertTrue(sms("limits", "--rate", "").out().contains("rate 50 a second   (as configured; "));
        Await.until(LIMIT, () -> sms("status").out().contains("rate 50.0/s\n"));
    }

    @Test
    void theStatusTellsWhatEachDispatcherDoes() throws Exception {
        // What another test has ordered may still be under way.
        Await.until(LIMIT, () -> sms("status").out().contains("unread 0, under way 0, oldest 0.0 s"));
        String status = sms("status").out();
        assertTrue(status.contains("24 partitions [0, 1, 2, "), status);
        assertTrue(status.contains("  twilio works, 0 calls, 100 % of the rate"), status);
    }

    @Test
    void whatIsInForceIsShownWhetherSomebodyHasSwitchedItOrNot() throws Exception {
        String before = sms("limits").out();
        for (String line : List.of(
                "region US is on   (as configured)",
                "route default all providers alike   (as configured)",
                "limit money enforce   (as configured)",
                "limit conversion record-only   (as configured)")) {
            assertTrue(before.contains(line), before);
        }
        assertTrue(sms("limits", "--mode", "conversion=enforce", "--by", "ada")
                .out()
                .contains("limit conversion enforce   (ada, "));
        String back = sms("limits", "--mode", "conversion=").out();
        assertTrue(back.contains("limit conversion record-only   (as configured; "), back);
    }

    @Test
    void eachSwitchIsTold() throws Exception {
        EventContract contract = new EventContract();
        // Who the providers are, the dispatcher says.
        Await.until(LIMIT, () -> sms("status").exitCode() == 0);
        try (EventTap audit = new EventTap(own.broker().bootstrapServers(), "sallyport.audit")) {
            set("--route", "CA=twilio:80", "--by", "ada");
            set("--route", "CA=", "--route", "US=twilio:1");
            assertEquals(1, sms("limits", "--route", "CA=nobody:1").exitCode());
            List<Seen> told = audit.await(3, seen -> seen.type().equals("operator.changed"));
            assertEquals(
                    List.of("CA: as default > twilio:80", "CA: twilio:80 > as default", "US: as default > twilio:1"),
                    told.stream()
                            .map(seen -> seen.key().replace("route.", "") + ": " + seen.at("unmapped.from") + " > "
                                    + seen.at("unmapped.to"))
                            .sorted()
                            .toList());
            String user = ProcessHandle.current().info().user().orElseThrow();
            for (Seen seen : told) {
                assertEquals(List.of(), contract.problems(seen));
                assertEquals(user, seen.at("actor.user.name"));
            }
            assertEquals(
                    List.of("ada", user, user),
                    told.stream()
                            .map(seen -> seen.at("unmapped.by"))
                            .sorted(Comparator.comparing((String by) -> !by.equals("ada")))
                            .toList());
        } finally {
            sms("limits", "--route", "US=");
        }
    }

    @Test
    @Tag("long")
    void whatNoSwitchCanBeIsRefusedInWordsAndChangesNothing() {
        for (String[] wrong : new String[][] {
            {"--rate", "fast"},
            {"--rate", "0"},
            {"--region-off", "Atlantis"},
            {"--mode", "luck=enforce"},
            {"--mode", "phone=perhaps"},
            {"--route", "CA=main"},
            {"--route", "CA=main:-1"},
            {"--route", "CA=twilio:80,nobody:20"},
            {"--by", " ", "--rate", "9"}
        }) {
            String before = sms("limits").out();
            String[] arguments = new String[wrong.length + 1];
            arguments[0] = "limits";
            System.arraycopy(wrong, 0, arguments, 1, wrong.length);
            Answer refused = sms(arguments);
            assertEquals(1, refused.exitCode(), String.join(" ", wrong));
            assertTrue(refused.err().startsWith("sallyport: "), refused.err());
            assertFalse(refused.err().contains("mistake in the program"), refused.err());
            assertEquals(before, sms("limits").out());
        }
    }

    @Test
    void deadLettersAreListedAndThoseOfAnUnknownKeyAreProducedOnceMore() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        new KeyFolder(foreign).init();
        try (OrderForge stranger = forge(foreign)) {
            SendCode order = stranger.order("+14152680103", "271828");
            stranger.write(stranger.signed(Role.LOGIN, order));
            tap.await(1, seen -> seen.topic().equals("sallyport.sms.dead-letter"));
        }
        Answer listed = sms("dead-letters");
        assertEquals(0, listed.exitCode(), listed.err());
        assertTrue(listed.out().contains("sallyport.sms.send-"), listed.out());
        assertTrue(listed.out().contains("  unknown-key"), listed.out());
        assertTrue(listed.out().contains("1 dead letters."), listed.out());
        Answer redriven = sms("dead-letters", "--redrive");
        assertTrue(redriven.out().contains("1 produced once more."), redriven.out());
        // The key is as unknown as before, so the record comes back.
        Await.until(LIMIT, () -> sms("dead-letters").out().contains("2 dead letters."));
    }

    @Test
    @Tag("long")
    void withoutKafkaTheCommandSaysWhatToLookAt() {
        StringWriter err = new StringWriter();
        int exitCode = Sallyport.run(
                new String[] {"sms", "status"},
                Map.of("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err));
        assertEquals(1, exitCode);
        assertTrue(err.toString().contains("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS"), err.toString());
    }
}
