package dev.sallyport.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Role;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.Username;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.Fact;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.CodeFactory;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.crypto.CodeMac;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.login.SecondFactorCheck.Over;
import dev.sallyport.login.SecondFactorCheck.Passed;
import dev.sallyport.login.SecondFactorCheck.Problem;
import dev.sallyport.login.SecondFactorCheck.TooMany;
import dev.sallyport.login.SecondFactorCheck.Wrong;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.CodeEvents;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.SendCode;
import dev.sallyport.testing.Folders;
import dev.sallyport.testing.Given;
import dev.sallyport.testing.MovableClock;
import dev.sallyport.throttle.RateLimiter.Attempt;
import dev.sallyport.throttle.RateLimiter.Door;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of each kind of code at the second door, and of the tries, the counts and the events. */
class SecondFactorCheckTest {

    private static final Instant START = Instant.parse("2026-05-06T07:08:09Z");
    private static final TotpSecret SECRET = TotpSecret.of("a secret of 20 bytes".getBytes(US_ASCII));
    private static final PhoneNumber NUMBER = new PhoneNumber("+14155552671");
    private static final Account.App APP = new Account.App(SECRET, 0, 0, START);
    private static final Account.Phone PHONE = new Account.Phone(NUMBER, "US", 0, START);
    private static final String TEXT_CODE = "493028";
    private static final String WRONG_CODE = "000000";
    private static final int ONE_BEFORE = Account.MAX_WRONG_CODES - 1;
    private static final Path KEYS = Folders.temporary("second-factor-check");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MovableClock clock = new MovableClock(START);
    private final Ids ids = new Ids(clock, RANDOM);
    private final Keyring keyring = Keyring.open(KEYS, EnumSet.allOf(Role.class));
    private final Account somebody =
            Account.create(new AccountId("somebody's"), new Username("somebody", "somebody"), "a hash", START);
    private final Attempt attempt = new Attempt(Door.SECOND_FACTOR, "somebody's", Given.VISITOR.network());
    private final OneAccount users =
            new OneAccount(somebody.withApp(Optional.of(APP)).withPhone(Optional.of(PHONE)));
    private final OneChallenge challenges = new OneChallenge(ids.token());
    private final TellingLimiter limiter = new TellingLimiter();
    private final List<CodeVerified> verified = new ArrayList<>();
    private final SecondFactorCheck door = door();

    @BeforeAll
    static void makeKeys() {
        new KeyFolder(KEYS).init();
    }

    @AfterAll
    static void deleteKeys() {
        Folders.delete(KEYS);
    }

    @Test
    void whatIsNoCodeTakesNoTryAndLeavesNoEvent() {
        sendText();
        assertEquals(new Wrong(Problem.MALFORMED, 5), check("49302"));
        assertEquals(0, challenges.tries());
        assertEquals(List.of(), limiter.attempts());
        assertEquals(List.of(), told());
    }

    @Test
    void withoutAChallengeItIsOver() {
        challenges.remove();
        assertEquals(new Over(), check(appCode()));
        assertEquals(new Over(), check("49302"));
        assertEquals(List.of(), limiter.attempts());
    }

    @Test
    void aChallengeOfAnotherBrowserIsNone() {
        assertEquals(new Over(), door.check(ids.token(), appCode(), Given.VISITOR));
        assertEquals(0, challenges.tries());
    }

    @Test
    void aChallengeOfAnotherPurposeIsNone() {
        challenges.change(same -> with(same, Purpose.BIND_PHONE, same.tries(), same.text()));
        assertEquals(new Over(), check(appCode()));
        assertEquals(0, challenges.tries());
        assertEquals(List.of(), limiter.attempts());
    }

    @Test
    void afterTooManyFailuresNoCodeIsLookedAt() {
        limiter.delay(Duration.ofSeconds(8));
        assertEquals(new TooMany(Duration.ofSeconds(8)), check(appCode()));
        assertEquals(List.of(attempt), limiter.attempts());
        assertEquals(0, challenges.tries());
        assertEquals(List.of("throttled too-many-failures"), told());
    }

    @Test
    void theLastTryIsTheLast() {
        tries(Challenge.MAX_TRIES - 2);
        assertEquals(new Wrong(Problem.WRONG_CODE, 1), check(WRONG_CODE));
        assertEquals(new Over(), check(WRONG_CODE));
        assertEquals(List.of("failed", "failed"), limiter.told());
        String refused = "second-factor.refused app wrong-code";
        assertEquals(List.of(refused, refused), told());
        assertEquals(new Over(), check(appCode()));
        assertEquals(List.of("failed", "failed"), limiter.told());
    }

    @Test
    void theLastTryMayBeRight() {
        tries(Challenge.MAX_TRIES - 1);
        assertPassed(FactorType.APP, check(appCode()));
    }

    @Test
    void whereTheAccountIsGoneItIsOver() {
        users.remove();
        assertEquals(new Over(), check(appCode()));
        assertEquals(List.of(), limiter.told());
    }

    @Test
    void everyEventNamesTheAccountAndTheChallenge() {
        check(WRONG_CODE);
        check(appCode());
        limiter.delay(Duration.ofSeconds(8));
        challenges.reopen();
        check(appCode());
        assertEquals(3, events().count());
        events().forEach(event -> {
            assertEquals(Optional.of(somebody.subject()), event.subject());
            assertEquals("sign-in", event.facts().get(Fact.PURPOSE));
            assertEquals("a challenge", event.facts().get(Fact.CHALLENGE));
            assertEquals(Optional.of(Given.VISITOR), event.visitor());
        });
    }

    @Test
    void theRightTextCodePassesOnce() {
        sendText();
        phoneWithWrongCodes(ONE_BEFORE);
        assertPassed(FactorType.PHONE, check(TEXT_CODE));
        assertEquals(0, users.account().wrongCodes(FactorType.PHONE));
        assertEquals(List.of("succeeded"), limiter.told());
        assertEquals(List.of("second-factor.accepted phone, 1 to 2"), told());
        assertEquals(new Over(), check(TEXT_CODE));
        assertEquals(List.of("succeeded"), limiter.told());
    }

    @Test
    void aRightTextCodeIsToldOnceAndItsMessagesCountNoMore() {
        sendText();
        assertPassed(FactorType.PHONE, check(TEXT_CODE));
        check(TEXT_CODE);
        String phoneKey = new PhoneKeys(keyring).of(NUMBER.e164());
        assertEquals(List.of(new CodeVerified("a message", "a challenge", phoneKey, START)), verified);
        assertEquals(
                List.of(
                        "texts-of-account of somebody's for a challenge",
                        "texts-to-phone of " + NUMBER.e164() + " for a challenge"),
                limiter.givenBack());
    }

    @Test
    void noOtherCodeTellsThatAMessageCame() {
        sendText();
        check(WRONG_CODE);
        assertPassed(FactorType.APP, check(appCode()));
        challenges.reopen();
        challenges.passBeforeTheNext();
        check(TEXT_CODE);
        challenges.reopen();
        clock.advance(TextCodes.CODE_LIFE);
        check(TEXT_CODE);
        assertEquals(List.of(), verified);
        assertEquals(List.of(), limiter.givenBack());
    }

    @Test
    void ofTwoAtOnceTheLaterOneIsOver() {
        challenges.passBeforeTheNext();
        assertEquals(new Over(), check(appCode()));
        assertEquals(List.of(), limiter.told());
        assertEquals(List.of(), told());
    }

    @Test
    void aTextCodeThatIsTooLateIsNoWrongOne() {
        sendText();
        clock.advance(TextCodes.CODE_LIFE);
        assertEquals(new Wrong(Problem.EXPIRED, 4), check(TEXT_CODE));
        assertEquals(0, users.account().wrongCodes(FactorType.PHONE));
        assertEquals(List.of("failed"), limiter.told());
        assertEquals(List.of("second-factor.refused phone code-expired"), told());
    }

    @Test
    void aTextCodeIsRightUntilItsLastMoment() {
        sendText();
        clock.advance(TextCodes.CODE_LIFE.minusMillis(1));
        assertPassed(FactorType.PHONE, check(TEXT_CODE));
    }

    @Test
    void aTextCodeOfAPhoneThatWasReplacedIsWrong() {
        sendText();
        users.put(somebody.withPhone(Optional.of(new Account.Phone(new PhoneNumber("+14155552672"), "US", 0, START))));
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(TEXT_CODE));
    }

    @Test
    void aDisabledPhoneTellsNoRightCodeFromAWrongOne() {
        sendText();
        phoneWithWrongCodes(Account.MAX_WRONG_CODES);
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(TEXT_CODE));
        assertEquals(new Wrong(Problem.WRONG_CODE, 3), check(WRONG_CODE));
        clock.advance(TextCodes.CODE_LIFE);
        assertEquals(new Wrong(Problem.WRONG_CODE, 2), check(TEXT_CODE));
        assertEquals(
                List.of("second-factor.refused app,phone wrong-code"),
                told().stream().distinct().toList());
    }

    @Test
    void aPhoneThatIsDisabledMeanwhileTakesNoCode() {
        sendText();
        users.meanwhile(same ->
                Optional.of(same.withPhone(Optional.of(OneAccount.withWrongCodes(PHONE, Account.MAX_WRONG_CODES)))));
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(TEXT_CODE));
        assertEquals(List.of("failed"), limiter.told());
        assertEquals(List.of("second-factor.refused app,phone wrong-code"), told());
    }

    @Test
    void theRightAppCodePasses() {
        appWithWrongCodes(ONE_BEFORE);
        assertPassed(FactorType.APP, check(appCode()));
        assertEquals(0, users.account().wrongCodes(FactorType.APP));
        assertEquals(List.of("succeeded"), limiter.told());
        assertEquals(List.of("second-factor.accepted app, 1 to 2"), told());
    }

    @Test
    void anAppCodePassesAlsoWhereATextWasSent() {
        sendText();
        assertPassed(FactorType.APP, check(appCode()));
    }

    @Test
    void anAppCodeIsUsedUp() {
        check(appCode());
        challenges.reopen();
        assertEquals(new Wrong(Problem.ALREADY_USED, 4), check(appCode()));
        assertEquals(0, users.account().wrongCodes(FactorType.APP));
        assertEquals(List.of("succeeded", "failed"), limiter.told());
        assertEquals("second-factor.refused app code-already-used", told().getLast());
        clock.advance(Duration.ofSeconds(30));
        assertPassed(FactorType.APP, check(appCode()));
    }

    @Test
    void withoutAnAppNoAppCodeIsRight() {
        users.put(somebody.withPhone(Optional.of(PHONE)));
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(appCode()));
        assertEquals(List.of("second-factor.refused wrong-code"), told());
    }

    @Test
    void aClosedAppStillOpensAtAKnownAddress() {
        appWithWrongCodes(Account.MAX_WRONG_CODES);
        limiter.know(attempt);
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(WRONG_CODE));
        assertPassed(FactorType.APP, check(appCode()));
        assertEquals(0, users.account().wrongCodes(FactorType.APP));
    }

    @Test
    void aClosedAppTellsStrangersNoRightCodeFromAWrongOne() {
        appWithWrongCodes(Account.MAX_WRONG_CODES);
        assertEquals(new Wrong(Problem.APP_CLOSED, 4), check(appCode()));
        assertEquals(101, users.account().wrongCodes(FactorType.APP));
        assertEquals(new Wrong(Problem.APP_CLOSED, 3), check(WRONG_CODE));
        assertEquals(102, users.account().wrongCodes(FactorType.APP));
        assertEquals(List.of("failed", "failed"), limiter.told());
        String refused = "second-factor.refused app app-closed";
        assertEquals(List.of(refused, refused), told());
        assertEquals(0, users.account().app().orElseThrow().lastStep());
    }

    @Test
    void aTextCodePassesAlsoWhereTheAppIsClosed() {
        sendText();
        appWithWrongCodes(Account.MAX_WRONG_CODES);
        assertPassed(FactorType.PHONE, check(TEXT_CODE));
        assertEquals(Account.MAX_WRONG_CODES, users.account().wrongCodes(FactorType.APP));
    }

    @Test
    void anAppThatIsClosedMeanwhileTakesNoCode() {
        users.meanwhile(same ->
                Optional.of(same.withApp(Optional.of(OneAccount.withWrongCodes(APP, Account.MAX_WRONG_CODES)))));
        assertEquals(new Wrong(Problem.APP_CLOSED, 4), check(appCode()));
        assertEquals(List.of("second-factor.refused app app-closed"), told());
    }

    @Test
    void aWrongCodeCountsAgainstTheAppAloneWhereNoTextWasSent() {
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(WRONG_CODE));
        assertEquals(1, users.account().wrongCodes(FactorType.APP));
        assertEquals(0, users.account().wrongCodes(FactorType.PHONE));
        assertEquals(List.of(attempt), limiter.attempts());
        assertEquals(List.of("failed"), limiter.told());
        assertEquals(List.of("second-factor.refused app wrong-code"), told());
    }

    @Test
    void aWrongCodeCountsAgainstAppAndPhoneWhereATextWasSent() {
        sendText();
        check(WRONG_CODE);
        assertEquals(1, users.account().wrongCodes(FactorType.APP));
        assertEquals(1, users.account().wrongCodes(FactorType.PHONE));
        assertEquals(List.of("second-factor.refused app,phone wrong-code"), told());
    }

    @Test
    void aWrongCodeCountsAgainstThePhoneAloneWhereThereIsNoApp() {
        sendText();
        users.put(somebody.withPhone(Optional.of(PHONE)));
        check(WRONG_CODE);
        assertEquals(1, users.account().wrongCodes(FactorType.PHONE));
        assertEquals(List.of("second-factor.refused phone wrong-code"), told());
    }

    @Test
    void aWrongCodeDoesNotCountAgainstAPhoneThatIsNoLongerBound() {
        sendText();
        users.put(somebody.withApp(Optional.of(APP)));
        check(TEXT_CODE);
        assertEquals(1, users.account().wrongCodes(FactorType.APP));
        assertEquals(List.of("second-factor.refused app wrong-code"), told());
    }

    @Test
    void aWrongCodeIsToldAlsoWhereTheAccountIsDeletedMeanwhile() {
        appWithWrongCodes(ONE_BEFORE);
        users.meanwhile(_ -> Optional.empty());
        assertEquals(new Wrong(Problem.WRONG_CODE, 4), check(WRONG_CODE));
        assertEquals(List.of("second-factor.refused app wrong-code"), told());
    }

    @Test
    void theHundredthWrongCodeLocksItsFactor() {
        appWithWrongCodes(ONE_BEFORE - 1);
        check(WRONG_CODE);
        check(WRONG_CODE);
        check(WRONG_CODE);
        assertEquals(
                List.of(
                        "second-factor.refused app wrong-code",
                        "second-factor.refused app wrong-code",
                        "factor.locked app",
                        "second-factor.refused app app-closed"),
                told());
    }

    @Test
    void eachFactorIsLockedByItsOwnHundredth() {
        sendText();
        phoneWithWrongCodes(ONE_BEFORE);
        check(WRONG_CODE);
        assertEquals(List.of("second-factor.refused app,phone wrong-code", "factor.locked phone"), told());
    }

    private SecondFactorCheck door() {
        AuditEvents events = new AuditEvents(clock, ids);
        CodeFactory codes =
                new CodeFactory(RANDOM, new CodeMac(keyring), new PhoneKeys(keyring), new CodeSeal(keyring));
        CodeEvents dispatchers = new CodeEvents() {
            @Override
            public void order(SendCode order) {
                throw new AssertionError("nobody asks for a text here");
            }

            @Override
            public void verified(CodeVerified code) {
                verified.add(code);
            }
        };
        TextCodes texts = new TextCodes(challenges, limiter, dispatchers, codes, events, clock, ids);
        return new SecondFactorCheck(challenges, users, limiter, texts, events, clock);
    }

    private SecondFactorCheck.Result check(String typed) {
        return door.check(challenges.token, typed, Given.VISITOR);
    }

    private String appCode() {
        return Totp.code(SECRET, Totp.step(clock.instant())).value();
    }

    private void sendText() {
        byte[] mac = new CodeMac(keyring).of("a challenge", TEXT_CODE);
        String phoneKey = new PhoneKeys(keyring).of(NUMBER.e164());
        Challenge.Text text = new Challenge.Text(
                mac,
                new byte[0],
                phoneKey,
                NUMBER.masked(),
                START.plus(TextCodes.CODE_LIFE),
                1,
                START,
                "a message",
                Optional.empty());
        challenges.change(same -> with(same, same.purpose(), same.tries(), Optional.of(text)));
    }

    private void tries(int tries) {
        challenges.change(same -> with(same, same.purpose(), tries, same.text()));
    }

    private void appWithWrongCodes(int count) {
        users.put(users.account().withApp(Optional.of(OneAccount.withWrongCodes(APP, count))));
    }

    private void phoneWithWrongCodes(int count) {
        users.put(users.account().withPhone(Optional.of(OneAccount.withWrongCodes(PHONE, count))));
    }

    private void assertPassed(FactorType factor, SecondFactorCheck.Result result) {
        Passed passed = assertInstanceOf(Passed.class, result);
        assertEquals(factor, passed.factor());
        assertEquals("a challenge", passed.challenge().id());
    }

    private Stream<AuditEvent> events() {
        return Stream.concat(challenges.events.stream(), limiter.events().stream());
    }

    /** The events, each as its type, factors, reason and levels. */
    private List<String> told() {
        return events().map(SecondFactorCheckTest::told).toList();
    }

    private static String told(AuditEvent event) {
        String words = Stream.of(
                        event.type().id(),
                        event.facts().get(Fact.FACTOR),
                        event.facts().get(Fact.REASON))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        String before = event.facts().get(Fact.AAL_BEFORE);
        return before == null
                ? words
                : words + ", " + before + " to " + event.facts().get(Fact.AAL_AFTER);
    }

    private static Challenge with(Challenge same, Purpose purpose, int tries, Optional<Challenge.Text> text) {
        return new Challenge(
                same.id(),
                purpose,
                same.account(),
                same.userName(),
                same.session(),
                tries,
                same.passwordAt(),
                same.expiresAt(),
                text,
                same.newPhone());
    }

    /** Keeps one challenge, and the events of its passing. */
    private static final class OneChallenge implements ChallengeStore {

        private final OpaqueToken token;
        private final List<AuditEvent> events = new ArrayList<>();
        private Challenge challenge = new Challenge(
                "a challenge",
                Purpose.SIGN_IN,
                new AccountId("somebody's"),
                "somebody",
                Optional.empty(),
                0,
                START,
                START.plus(Challenge.LIFE),
                Optional.empty(),
                Optional.empty());
        private boolean open = true;
        private boolean passedBeforeTheNext;

        private OneChallenge(OpaqueToken token) {
            this.token = token;
        }

        private int tries() {
            return challenge.tries();
        }

        private void change(UnaryOperator<Challenge> change) {
            challenge = change.apply(challenge);
        }

        private void remove() {
            open = false;
        }

        /** As a new one, with all its tries. */
        private void reopen() {
            open = true;
            change(same -> with(same, same.purpose(), 0, same.text()));
        }

        /** Another submission passes right before the next one does. */
        private void passBeforeTheNext() {
            passedBeforeTheNext = true;
        }

        @Override
        public void create(Challenge created, OpaqueToken itsToken, List<AuditEvent> its) {
            throw new AssertionError("the challenge is there");
        }

        @Override
        public Optional<Challenge> find(OpaqueToken asked) {
            return Optional.of(challenge).filter(_ -> open && asked.equals(token));
        }

        @Override
        public Optional<Challenge> takeTry(OpaqueToken asked) {
            Optional<Challenge> found = find(asked).filter(same -> same.triesLeft() > 0);
            found.ifPresent(same -> change(_ -> with(same, same.purpose(), same.tries() + 1, same.text())));
            return found.map(_ -> challenge);
        }

        @Override
        public boolean pass(String id, List<AuditEvent> because) {
            boolean first = open && !passedBeforeTheNext && id.equals(challenge.id());
            open = false;
            if (first) {
                events.addAll(because);
            }
            return first;
        }

        @Override
        public void note(String id, List<AuditEvent> noted) {
            throw new AssertionError("nobody asks for a text here");
        }

        @Override
        public boolean replaceText(String id, Optional<Challenge.Text> before, Challenge.Text after) {
            throw new AssertionError("nobody asks for a text here");
        }

        @Override
        public boolean learn(Outcome outcome) {
            throw new AssertionError("nobody hears of a text here");
        }
    }
}
