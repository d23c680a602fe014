package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.dispatch.kafka.DeadLetters;
import dev.sallyport.dispatch.twilio.fake.Fault;
import dev.sallyport.dispatch.twilio.fake.SentMessage;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.kafka.VerifiedRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others can read of a text message's way, and what becomes of orders that nobody of ours gave. */
class SmsEventsIT {

    private static final String SEND = "sallyport.sms.send";
    private static final String OUTCOME = "sallyport.sms.outcome";
    private static final String VERIFIED = "sallyport.sms.verified";
    private static final String DEAD_LETTER = "sallyport.sms.dead-letter";
    private static final String VICTIM = "+14152680001";

    @TempDir
    private static Path folder;

    private static OwnBrokerSite own;
    private static EventTap tap;
    private static EventContract contract;

    @BeforeAll
    static void start() throws IOException {
        own = OwnBrokerSite.start(folder.resolve("kafka"));
        tap = new EventTap(own.broker().bootstrapServers(), OUTCOME, VERIFIED, DEAD_LETTER);
        contract = new EventContract();
    }

    @AfterAll
    static void stop() {
        tap.close();
        own.close();
    }

    private static OrderForge forge(Path keys) {
        return new OrderForge(
                keys, own.broker().bootstrapServers(), own.platform().clock());
    }

    private static Path keysOfTheSite() {
        return Path.of(own.platform().environment().get("SALLYPORT_KEYS_DIR"));
    }

    private static Seen outcomeOf(String message) {
        Seen outcome = tap.await(
                        1,
                        seen -> seen.topic().equals(OUTCOME)
                                && seen.at("message").equals(message))
                .getFirst();
        assertEquals(List.of(), contract.problems(outcome));
        return outcome;
    }

    @Test
    void anOrderTellsEverythingButNumberAndCode() throws Exception {
        EventTap orders = new EventTap(own.broker().bootstrapServers(), SEND);
        Person person = Person.signedUp(own.platform());
        person.bindPhone();
        SentMessage message = person.messages().getFirst();
        String sid = message.sid();
        Seen outcome = tap.await(1, seen -> seen.at("provider_id").equals(sid)).getFirst();
        Seen order =
                orders.await(1, seen -> seen.id().equals(outcome.at("message"))).getFirst();
        orders.close();

        assertEquals(List.of(), contract.problems(order));
        assertEquals(List.of(), contract.problems(outcome));
        Set<String> headers = new TreeSet<>(Set.of("content-type"));
        for (String name :
                "id type time source specversion dataschema challenge purpose sendby expiresat signedby signature"
                        .split(" ")) {
            headers.add("ce_" + name);
        }
        assertEquals(headers, order.headers().keySet());
        Instant ordered = Instant.parse(order.header("ce_time"));
        assertEquals(ordered.plusSeconds(60), Instant.parse(order.header("ce_sendby")));
        Duration life = Duration.between(ordered, Instant.parse(order.header("ce_expiresat")));
        assertTrue(life.compareTo(Duration.ofMinutes(5)) <= 0 && life.toSeconds() > 290, life.toString());
        assertEquals("bind-phone", order.header("ce_purpose"));
        assertEquals("enrollment", order.header("ce_signedby"));
        assertTrue(order.key().matches("[A-Za-z0-9_-]{22}"), order.key());

        assertEquals(order.key(), outcome.key());
        assertEquals("sms.accepted", outcome.type());
        assertEquals("accepted", outcome.at("status"));
        assertEquals(order.header("ce_challenge"), outcome.at("challenge"));
        List<String> secrets = List.of(Person.codeIn(message), person.phone.substring(2));
        assertEquals(List.of(), Secrets.in(order.text() + outcome.text(), secrets));
        assertEquals(secrets, Secrets.in("code " + secrets.getFirst() + " to " + person.phone, secrets));
    }

    @Test
    void aCodeThatWasAcceptedIsToldOnceAndSigned() throws Exception {
        EventTap orders = new EventTap(own.broker().bootstrapServers(), SEND);
        Person person = Person.signedUp(own.platform());
        person.bindPhone();
        person.signOut();
        person.signIn();
        String code = person.receivedCode(2);
        person.enter("271828".equals(code) ? "314159" : "271828");
        person.enter(code);
        String phoneKey = new PhoneKeys(keys()).of(person.phone);
        List<Seen> ordered = orders.await(2, seen -> seen.key().equals(phoneKey));
        orders.close();
        List<Seen> told =
                tap.await(2, seen -> seen.topic().equals(VERIFIED) && seen.key().equals(phoneKey));

        assertEquals(
                ordered.stream().map(Seen::id).toList(),
                told.stream().map(seen -> seen.at("message")).toList());
        assertEquals(
                List.of("enrollment", "login"),
                told.stream().map(seen -> seen.header("ce_signedby")).toList());
        for (Seen seen : told) {
            assertEquals(List.of(), contract.problems(seen));
            assertEquals("sms.verified", seen.type());
            assertEquals(seen.at("message") + "-verified", seen.id());
            assertEquals(List.of(), Secrets.in(seen.text(), List.of(code, person.phone.substring(2))));
            Optional<CodeVerified> verified = VerifiedRecords.decode(seen.event(), new EventVerifier(keys()));
            assertEquals(seen.at("challenge"), verified.orElseThrow().challengeId());
        }
    }

    private static Keyring keys() {
        return Keyring.open(keysOfTheSite(), EnumSet.allOf(Role.class));
    }

    @Test
    void whatTheProviderRefusesOrLeavesOpenIsTold() throws Exception {
        try (OrderForge forge = forge(keysOfTheSite())) {
            SendCode refused = forge.order("+14152680002", "271828");
            own.platform().twilio().next(new Fault.Refuse(400, 21610));
            forge.write(forge.signed(Role.LOGIN, refused));
            Seen failed = outcomeOf(refused.messageId());
            assertEquals("failed consent 21610", told(failed));

            SendCode lost = forge.order("+14152680002", "271828");
            own.platform().twilio().next(Fault.html503(), Fault.html503());
            forge.write(forge.signed(Role.LOGIN, lost));
            Seen unknown = outcomeOf(lost.messageId());
            assertEquals("unknown server_error http-503", told(unknown));
        }
    }

    private static String told(Seen outcome) {
        return outcome.at("status") + ' ' + outcome.at("failure") + ' ' + outcome.at("code");
    }

    @Test
    void whatIsNotGenuineIsADeadLetterAndNoMessage() throws Exception {
        Path foreignKeys = Files.createDirectory(folder.resolve("foreign"));
        new KeyFolder(foreignKeys).init();
        try (OrderForge forge = forge(keysOfTheSite());
                OrderForge stranger = forge(foreignKeys)) {
            for (Map.Entry<String, List<ProducerRecord<byte[], byte[]>>> bad :
                    poison(forge, stranger).entrySet()) {
                for (ProducerRecord<byte[], byte[]> record : bad.getValue()) {
                    RecordMetadata place = forge.write(record);
                    Seen letter = tap.await(1, seen -> isAbout(place, seen)).getFirst();
                    assertEquals(List.of(), contract.problems(letter));
                    assertEquals(
                            bad.getKey(),
                            letter.at("reason"),
                            () -> new String(record.value(), StandardCharsets.UTF_8));
                    assertEquals(SEND + '-' + place.partition(), letter.key());
                    assertEquals("sms.dead-letter", letter.type());
                    assertFalse(letter.text().contains("garbage"), "tells what was in it");
                }
            }
            assertEquals(List.of(), own.platform().twilio().ledger().messagesTo(VICTIM));

            SendCode good = forge.order(VICTIM, "271828");
            forge.write(forge.signed(Role.LOGIN, good));
            assertEquals("accepted", outcomeOf(good.messageId()).at("status"));
            assertEquals(1, own.platform().twilio().ledger().messagesTo(VICTIM).size());
            assertEquals(Set.of(good.messageId()), outcomesFor(good.phoneKey()));
        }
    }

    private static boolean isAbout(RecordMetadata place, Seen seen) {
        return seen.topic().equals(DEAD_LETTER)
                && seen.at("partition").equals(Integer.toString(place.partition()))
                && seen.at("offset").equals(Long.toString(place.offset()));
    }

    private static Set<String> outcomesFor(String phoneKey) {
        Set<String> messages = new TreeSet<>();
        tap.seen(seen -> seen.topic().equals(OUTCOME) && seen.key().equals(phoneKey))
                .forEach(seen -> messages.add(seen.at("message")));
        return messages;
    }

    /** Bad records by the reason that their dead letters give. */
    private static Map<String, List<ProducerRecord<byte[], byte[]>>> poison(OrderForge forge, OrderForge stranger) {
        byte[] garbage = {'g', 'a', 'r', 'b', 'a', 'g', 'e', 0, -1, -2};
        ProducerRecord<byte[], byte[]> good = forge.signed(Role.LOGIN, forge.order(VICTIM, "271828"));
        ProducerRecord<byte[], byte[]> another = forge.signed(Role.LOGIN, forge.order("+14152680003", "314159"));
        Map<String, List<ProducerRecord<byte[], byte[]>>> poison = new LinkedHashMap<>();
        poison.put(
                "no-cloud-event",
                List.of(
                        new ProducerRecord<>(SEND, garbage, garbage),
                        OrderForge.with(good, garbage, null),
                        OrderForge.with(good, null, good.value()),
                        OrderForge.with(good, "ce_specversion", "2.0"),
                        OrderForge.with(good, "ce_time", "garbage")));
        poison.put(
                "no-send-code-event",
                List.of(
                        OrderForge.with(good, "ce_type", "dev.sallyport.sms.send-garbage"),
                        forge.signedWith(
                                Role.LOGIN,
                                forge.order(VICTIM, "271828"),
                                "ce_dataschema",
                                "urn:sallyport:events:sms-send:0.2"),
                        forge.signedWith(Role.LOGIN, forge.order(VICTIM, "271828"), "ce_type", SendCode.TYPE + "-2"),
                        OrderForge.with(good, "ce_signedby", "garbage"),
                        OrderForge.with(good, "ce_signature", "garbage!")));
        poison.put(
                "unknown-key",
                List.of(
                        stranger.signed(Role.LOGIN, forge.order(VICTIM, "271828")),
                        OrderForge.with(good, "ce_signedby", "enrollment")));
        poison.put(
                "not-genuine",
                List.of(
                        OrderForge.with(good, "ce_signedby", "sms-dispatcher"),
                        OrderForge.with(good, "ce_id", "garbage"),
                        OrderForge.with(good, "ce_challenge", "garbage"),
                        OrderForge.with(good, "ce_time", "2026-01-01T00:00:00Z"),
                        OrderForge.with(good, "ce_sendby", "2099-01-01T00:00:00Z"),
                        OrderForge.with(good, "ce_expiresat", "2099-01-01T00:00:00Z"),
                        OrderForge.with(good, "ce_garbage", "one header more"),
                        OrderForge.with(good, good.key(), another.value()),
                        OrderForge.with(good, good.key(), garbage),
                        OrderForge.with(good, another.key(), good.value()),
                        forge.signed(Role.LOGIN, forge.orderWithSealOfAnother(VICTIM, "271828"))));
        poison.put(
                "no-code-inside",
                List.of(
                        forge.signed(Role.LOGIN, forge.orderOf(VICTIM, "garbage")),
                        forge.signed(Role.LOGIN, forge.orderOf(VICTIM, VICTIM + "\n271828 garbage"))));
        return poison;
    }

    @Test
    void anOrderThatComesTooLateIsToldAndNotSent() throws Exception {
        String phone = "+14152680004";
        try (OrderForge forge = forge(keysOfTheSite())) {
            SendCode late = forge.lateOrder(phone, "271828");
            forge.write(forge.signed(Role.ENROLLMENT, late));
            Seen outcome = outcomeOf(late.messageId());
            assertEquals("expired", outcome.at("status"));
            assertEquals("sms.expired", outcome.type());
            SendCode good = forge.order(phone, "314159");
            forge.write(forge.signed(Role.ENROLLMENT, good));
            outcomeOf(good.messageId());
            List<SentMessage> sent = own.platform().twilio().ledger().messagesTo(phone);
            assertEquals(1, sent.size());
            assertTrue(sent.getFirst().body().startsWith("314159"));
        }
    }

    @Test
    void aGenuineOrderInAnotherPartitionIsNotSentAgainAndGoesHomeWhenItIsRedriven() throws Exception {
        String phone = "+14152680005";
        try (OrderForge forge = forge(keysOfTheSite())) {
            SendCode order = forge.order(phone, "271828");
            ProducerRecord<byte[], byte[]> record = forge.signed(Role.LOGIN, order);
            RecordMetadata home = forge.write(record);
            assertEquals("accepted", outcomeOf(order.messageId()).at("status"));
            int elsewhere = (home.partition() + 1) % 24;
            letterOf(forge.write(OrderForge.in(elsewhere, record)), "wrong-partition");

            SendCode strayed = forge.order(phone, "314159");
            RecordMetadata place = forge.write(OrderForge.in(elsewhere, forge.signed(Role.LOGIN, strayed)));
            ProducerRecord<byte[], byte[]> kept = DeadLetters.read(
                            letterOf(place, "wrong-partition").event())
                    .flatMap(DeadLetters.Letter::record)
                    .orElseThrow();
            assertEquals(home.partition(), forge.write(kept).partition());
            assertEquals("accepted", outcomeOf(strayed.messageId()).at("status"));
            List<SentMessage> sent = own.platform().twilio().ledger().messagesTo(phone);
            assertEquals(
                    List.of("271828", "314159"),
                    sent.stream().map(Person::codeIn).toList());
            letterOf(
                    forge.write(OrderForge.in(elsewhere, OrderForge.with(record, "ce_challenge", "garbage"))),
                    "not-genuine");
        }
    }

    private static Seen letterOf(RecordMetadata place, String reason) {
        Seen letter = tap.await(1, seen -> isAbout(place, seen)).getFirst();
        assertEquals(List.of(), contract.problems(letter));
        assertEquals(reason, letter.at("reason"));
        return letter;
    }

    @Test
    void giantRecordsAreToldWithoutTheirContentWhereItDoesNotFitAndHoldUpNothing() throws Exception {
        Path foreignKeys = Files.createDirectory(folder.resolve("giants"));
        new KeyFolder(foreignKeys).init();
        String kafka = own.broker().bootstrapServers();
        try (OrderForge stranger = forge(foreignKeys);
                OrderForge squeezing =
                        new OrderForge(foreignKeys, kafka, own.platform().clock(), "gzip");
                OrderForge forge = forge(keysOfTheSite())) {
            ProducerRecord<byte[], byte[]> record = stranger.signed(Role.LOGIN, stranger.order(VICTIM, "271828"));
            ProducerRecord<byte[], byte[]> large = OrderForge.with(record, record.key(), new byte[16_384]);
            // However small it was made: compressed, half a gigabyte would fit through, and end whoever reads it.
            for (OrderForge each : List.of(stranger, squeezing)) {
                ExecutionException refused = assertThrows(ExecutionException.class, () -> each.write(large));
                assertInstanceOf(RecordTooLargeException.class, refused.getCause());
            }

            Seen whole =
                    letterOf(stranger.write(OrderForge.with(record, record.key(), new byte[15_000])), "unknown-key");
            assertEquals(
                    15_000,
                    DeadLetters.read(whole.event())
                            .flatMap(DeadLetters.Letter::record)
                            .orElseThrow()
                            .value()
                            .length);

            // A name of a header takes six times its room as JSON: below the bound, and yet too large for the topic.
            ProducerRecord<byte[], byte[]> wide = OrderForge.with(record, record.key(), record.value());
            wide.headers().add("\u0001".repeat(10_000), new byte[0]);
            Seen bare = letterOf(stranger.write(wide), "unknown-key");
            assertTrue(bare.body().getJsonObject("record") == null);

            RecordMetadata behind = forge.write(new ProducerRecord<>(SEND, record.key(), new byte[1]));
            assertEquals(bare.at("partition"), Integer.toString(behind.partition()));
            letterOf(behind, "no-cloud-event");
        }
    }

    @Test
    void clocksThatAreMinutesApartNeitherSendWhatIsDeadNorKeepSilent() throws Exception {
        String phone = "+14152680007";
        Duration apart = Duration.ofMinutes(4);
        try (OrderForge early = forgeAt(apart);
                OrderForge late = forgeAt(apart.negated())) {
            SendCode fresh = early.order(phone, "271828");
            early.write(early.signed(Role.LOGIN, fresh));
            assertEquals("accepted", outcomeOf(fresh.messageId()).at("status"));
            try (OrderForge fiveMinutesAgo = forgeAt(apart.minus(Duration.ofMinutes(5)))) {
                SendCode dead = fiveMinutesAgo.order(phone, "314159");
                fiveMinutesAgo.write(fiveMinutesAgo.signed(Role.LOGIN, dead));
                assertEquals("expired", outcomeOf(dead.messageId()).at("status"));
            }
            SendCode tooEarly = late.order(phone, "161803");
            late.write(late.signed(Role.LOGIN, tooEarly));
            assertEquals("expired", outcomeOf(tooEarly.messageId()).at("status"));
        }
        List<SentMessage> sent = own.platform().twilio().ledger().messagesTo(phone);
        assertEquals(List.of("271828"), sent.stream().map(Person::codeIn).toList());
    }

    /** Of a web role whose clock differs from the dispatcher's. */
    private static OrderForge forgeAt(Duration ahead) {
        return new OrderForge(
                keysOfTheSite(),
                own.broker().bootstrapServers(),
                Clock.offset(own.platform().clock(), ahead));
    }
}
