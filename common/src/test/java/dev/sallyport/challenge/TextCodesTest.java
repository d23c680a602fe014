package dev.sallyport.challenge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Role;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.Fact;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.crypto.CodeMac;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.CodeEvents;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.news.News;
import dev.sallyport.testing.Folders;
import dev.sallyport.testing.Given;
import dev.sallyport.testing.MovableClock;
import dev.sallyport.throttle.RateLimiter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is ordered, what is counted, and what is known of it. */
class TextCodesTest {

    private static final PhoneNumber PHONE = new PhoneNumber("+14155552671");
    private static final Path KEYS = Folders.temporary("text-codes");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MovableClock clock = new MovableClock(Instant.parse("2026-05-06T07:08:09Z"));
    private final Ids ids = new Ids(clock, RANDOM);
    private final Keyring keyring = Keyring.open(KEYS, EnumSet.allOf(Role.class));
    private final Challenges challenges = new Challenges();
    private final Counter limiter = new Counter();
    private final Dispatchers dispatchers = new Dispatchers();
    private final TextCodes texts = new TextCodes(
            challenges,
            limiter,
            dispatchers,
            new CodeFactory(RANDOM, new CodeMac(keyring), new PhoneKeys(keyring), new CodeSeal(keyring)),
            new AuditEvents(clock, ids),
            clock,
            ids);

    @BeforeAll
    static void makeKeys() {
        new KeyFolder(KEYS).init();
    }

    @AfterAll
    static void deleteKeys() {
        Folders.delete(KEYS);
    }

    /** A new challenge of an account, with its first message ordered. */
    private TextCodes.Ordered start(String account, PhoneNumber phone) {
        Instant now = clock.instant();
        Challenge challenge = texts.withCode(
                new Challenge(
                        ids.next(),
                        Purpose.SIGN_IN,
                        new AccountId(account),
                        account,
                        Optional.empty(),
                        0,
                        now,
                        now.plus(Challenge.LIFE),
                        Optional.empty(),
                        Optional.empty()),
                phone);
        challenges.stored = challenge;
        return texts.order(challenge, phone, Optional.empty(), Given.VISITOR);
    }

    private TextCodes.Outcome again() {
        clock.advance(Duration.ofMinutes(2));
        return texts.request(challenges.stored, PHONE, Given.VISITOR);
    }

    private Text text() {
        return challenges.stored.text().orElseThrow();
    }

    private static PhoneNumber phone(int number) {
        return new PhoneNumber("+1415555%04d".formatted(number));
    }

    @Test
    void theChallengeKnowsItsNewestMessage() {
        start("ann", PHONE);
        assertEquals(dispatchers.ordered.getFirst().messageId(), text().messageId());
        challenges.stored = TextCodesTest.with(challenges.stored, heard(text()));
        assertInstanceOf(TextCodes.Sent.class, again());
        assertEquals(2, dispatchers.ordered.size());
        assertEquals(dispatchers.ordered.getLast().messageId(), text().messageId());
        assertTrue(text().messageId().compareTo(dispatchers.ordered.getFirst().messageId()) > 0, "ids sort by time");
        assertEquals(Optional.empty(), text().news(), "of the new one nothing is known yet");
    }

    @Test
    void ofOneAccountTenGoUnansweredInADay() {
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(TextCodes.Sent.class, start("ann", phone(i)));
        }
        assertInstanceOf(TextCodes.TooMany.class, start("ann", phone(10)));
        assertEquals(10, dispatchers.ordered.size());
        assertEquals("second-factor.not-sent too-many-messages", challenges.told.getLast());
        assertInstanceOf(TextCodes.Sent.class, start("bob", PHONE));
        clock.advance(Duration.ofHours(24));
        assertInstanceOf(TextCodes.Sent.class, start("ann", PHONE));
    }

    @Test
    void toOnePhoneTwelveGoUnansweredInADay() {
        for (int i = 0; i < 12; i++) {
            assertInstanceOf(TextCodes.Sent.class, start("person " + i, PHONE));
        }
        for (int i = 0; i < 20; i++) {
            assertInstanceOf(TextCodes.TooMany.class, start("ann", PHONE));
        }
        assertInstanceOf(TextCodes.Sent.class, start("ann", phone(1)), "what was not sent does not count for her");
        assertEquals(13, dispatchers.ordered.size());
    }

    @Test
    void whatIsSuppressedCountsAgainstNoPhone() {
        for (int i = 0; i < 10; i++) {
            start("ann", phone(i));
        }
        for (int i = 0; i < 20; i++) {
            assertInstanceOf(TextCodes.TooMany.class, start("ann", PHONE));
        }
        for (int i = 0; i < 12; i++) {
            assertInstanceOf(TextCodes.Sent.class, start("person " + i, PHONE));
        }
    }

    @Test
    void theMessagesOfAPassedChallengeDoNotCount() {
        for (int i = 0; i < 40; i++) {
            assertInstanceOf(TextCodes.Sent.class, start("ann", PHONE));
            assertInstanceOf(TextCodes.Sent.class, again());
            texts.accepted(challenges.stored, PHONE);
        }
        assertEquals(40, dispatchers.verified.size());
        CodeVerified last = dispatchers.verified.getLast();
        assertEquals(
                new CodeVerified(
                        dispatchers.ordered.getLast().messageId(),
                        challenges.stored.id(),
                        text().phoneKey(),
                        clock.instant()),
                last);
    }

    @Test
    void whatKafkaDoesNotTakeDoesNotCount() {
        dispatchers.away = true;
        for (int i = 0; i < 40; i++) {
            assertInstanceOf(TextCodes.NotSent.class, start("ann", PHONE));
        }
        assertEquals("second-factor.not-sent kafka-unavailable", challenges.told.getLast());
        dispatchers.away = false;
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(TextCodes.Sent.class, start("ann", PHONE));
        }
    }

    @Test
    void whoAsksTooOftenReadsItOnThePageAndKeepsTheCodeThatCame() {
        start("ann", PHONE);
        Text sent = text();
        limiter.full = true;
        assertInstanceOf(TextCodes.TooMany.class, again());
        assertEquals(Optional.of(News.SUPPRESSED), text().newest().orElseThrow().news());
        assertEquals(sent.sends(), text().sends());
        assertEquals(sent.lastSentAt(), text().lastSentAt());
        assertEquals(sent.mac(), text().mac());
        assertEquals(Optional.of(Duration.ZERO), texts.waitForNext(challenges.stored));
        limiter.full = false;
        assertInstanceOf(TextCodes.Sent.class, again());
        assertEquals(Optional.empty(), text().news());
    }

    @Test
    void whoGetsNoneAtAllReadsItOnThePage() {
        limiter.full = true;
        assertInstanceOf(TextCodes.TooMany.class, start("ann", PHONE));
        assertEquals(0, text().sends());
        assertEquals(Optional.of(News.SUPPRESSED), text().newest().orElseThrow().news());
    }

    @Test
    void ofAMessageThatCouldNotBeOrderedThereIsNothingToTell() {
        dispatchers.away = true;
        start("ann", PHONE);
        assertEquals(Optional.empty(), text().newest());
        dispatchers.away = false;
        assertInstanceOf(TextCodes.Sent.class, again());
        Text known = heard(text());
        challenges.stored = TextCodesTest.with(challenges.stored, known);
        dispatchers.away = true;
        assertInstanceOf(TextCodes.NotSent.class, again());
        assertEquals(known.newest(), text().newest(), "the one before is still the newest");
    }

    @Test
    void whatCannotBeCountedIsNotSent() {
        limiter.away = true;
        assertThrows(StoreUnavailable.class, () -> start("ann", PHONE));
        assertEquals(List.of(), dispatchers.ordered);
    }

    /** The same text, of which it is known that it was sent. */
    private static Text heard(Text text) {
        return new Text(
                text.mac(),
                text.sealed(),
                text.phoneKey(),
                text.masked(),
                text.expiresAt(),
                text.sends(),
                text.lastSentAt(),
                text.messageId(),
                Optional.of(new News(Outcome.Status.SENT, Optional.empty())));
    }

    private static Challenge with(Challenge same, Text text) {
        return new Challenge(
                same.id(),
                same.purpose(),
                same.account(),
                same.userName(),
                same.session(),
                same.tries(),
                same.passwordAt(),
                same.expiresAt(),
                Optional.of(text),
                same.newPhone());
    }

    private static final class Dispatchers implements CodeEvents {

        private final List<SendCode> ordered = new ArrayList<>();
        private final List<CodeVerified> verified = new ArrayList<>();
        private boolean away;

        @Override
        public void order(SendCode order) {
            if (away) {
                throw new PublishFailed("a topic", null);
            }
            ordered.add(order);
        }

        @Override
        public void verified(CodeVerified code) {
            verified.add(code);
        }
    }

    /** Keeps the challenge that was stored last, and what was noted. */
    private static final class Challenges implements ChallengeStore {

        private Challenge stored;
        private final List<String> told = new ArrayList<>();

        @Override
        public void create(Challenge challenge, OpaqueToken token, List<AuditEvent> events) {
            stored = challenge;
        }

        @Override
        public Optional<Challenge> find(OpaqueToken token) {
            return Optional.of(stored);
        }

        @Override
        public Optional<Challenge> takeTry(OpaqueToken token) {
            return Optional.of(stored);
        }

        @Override
        public boolean pass(String id, List<AuditEvent> events) {
            return true;
        }

        @Override
        public void note(String id, List<AuditEvent> events) {
            for (AuditEvent event : events) {
                String reason = event.facts().getOrDefault(Fact.REASON, "");
                told.add((event.type().id() + " " + reason).strip());
            }
        }

        @Override
        public boolean replaceText(String id, Optional<Text> before, Text after) {
            stored = with(stored, after);
            return true;
        }

        @Override
        public boolean learn(Outcome outcome) {
            return false;
        }
    }

    /** Counts in memory; nobody is delayed. */
    private final class Counter implements RateLimiter {

        private record Spent(Instant at, Use use) {}

        private final Map<String, List<Spent>> spent = new HashMap<>();
        private boolean full;
        private boolean away;

        private List<Spent> of(Allowance allowance, String who) {
            return spent.computeIfAbsent(allowance.name() + " " + who, _ -> new ArrayList<>());
        }

        @Override
        public boolean canSpend(Allowance allowance, String who) {
            if (away) {
                throw new StoreUnavailable(null);
            }
            Instant since = clock.instant().minus(allowance.within());
            of(allowance, who).removeIf(one -> !one.at().isAfter(since));
            return !full && of(allowance, who).size() < allowance.most();
        }

        @Override
        public boolean spend(Allowance allowance, String who, Use use, List<AuditEvent> events) {
            return canSpend(allowance, who) && of(allowance, who).add(new Spent(clock.instant(), use));
        }

        @Override
        public void giveBack(Allowance allowance, String who, Use use) {
            of(allowance, who).removeIf(one -> one.use().equals(use));
        }

        @Override
        public void giveBackAll(Allowance allowance, String who, String of) {
            of(allowance, who).removeIf(one -> one.use().of().equals(of));
        }

        @Override
        public Admission admit(Attempt attempt, Supplier<AuditEvent> refusal) {
            return new Admitted(attempt, 1, clock.instant());
        }

        @Override
        public void failed(Admitted admitted, List<AuditEvent> events) {
            throw new AssertionError("nothing is tried here");
        }

        @Override
        public void succeeded(Admitted admitted) {
            throw new AssertionError("nothing is tried here");
        }

        @Override
        public void withdrawn(Admitted admitted) {
            throw new AssertionError("nothing is tried here");
        }

        @Override
        public boolean knows(Attempt attempt) {
            return false;
        }
    }
}
