package dev.sallyport.challenge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.OpaqueToken;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditType;
import dev.sallyport.challenge.Challenge.NewPhone;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.news.News;
import dev.sallyport.testing.StoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link ChallengeStore} does. */
public abstract class ChallengeStoreContract extends StoreContract {

    private static final Duration LIFE = Duration.ofMinutes(15);

    protected abstract ChallengeStore store();

    /** The same store, seen from another node. */
    protected abstract ChallengeStore otherNode();

    private ChallengeStore anyNode(int number) {
        return number % 2 == 0 ? store() : otherNode();
    }

    private Challenge challenge() {
        return challenge(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Challenge challenge(Optional<String> session, Optional<Text> text, Optional<NewPhone> phone) {
        Instant now = rig().clock().instant();
        return new Challenge(
                given.id(),
                session.isPresent() ? Purpose.BIND_PHONE : Purpose.SIGN_IN,
                new AccountId(given.id()),
                "Somebody",
                session,
                0,
                now,
                now.plus(LIFE),
                text,
                phone);
    }

    private Text text(int sends) {
        return text(sends, given.id());
    }

    private Text text(int sends, String message) {
        Instant now = rig().clock().instant();
        return new Text(
                new byte[] {1, 2, 3},
                new byte[] {4, 5, 6},
                "a key",
                "(•••) •••-••71",
                now.plusSeconds(300),
                sends,
                now,
                message,
                Optional.empty());
    }

    private OpaqueToken created(Challenge challenge, AuditEvent... events) {
        OpaqueToken token = given.token();
        rig().call(() -> {
            store().create(challenge, token, List.of(events));
            return true;
        });
        return token;
    }

    private Optional<Challenge> find(OpaqueToken token) {
        return rig().call(() -> store().find(token));
    }

    private boolean isThere(OpaqueToken token) {
        return find(token).isPresent();
    }

    private boolean pass(Challenge challenge) {
        return rig().call(() -> store().pass(challenge.id(), List.of()));
    }

    private boolean replace(Challenge challenge, Optional<Text> before, Text after) {
        return rig().call(() -> store().replaceText(challenge.id(), before, after));
    }

    @Test
    void aChallengeIsFoundByItsTokenAndByNoOther() {
        Challenge challenge = challenge(
                Optional.of("a session"),
                Optional.empty(),
                Optional.of(new NewPhone(new PhoneNumber("+14155552671"), "US")));
        OpaqueToken token = created(challenge);
        assertEquals(Optional.of(challenge), find(token));
        assertEquals(Optional.of(challenge), rig().call(() -> otherNode().find(token)));
        assertEquals(Optional.empty(), find(given.token()));
    }

    @Test
    void aTextCodeComesBackAsItWasStored() {
        Text text = text(1);
        Text found = find(created(challenge(Optional.empty(), Optional.of(text), Optional.empty())))
                .flatMap(Challenge::text)
                .orElseThrow();
        assertArrayEquals(text.mac(), found.mac());
        assertArrayEquals(text.sealed(), found.sealed());
        assertEquals(told(text), told(found));
    }

    private static List<Object> told(Text text) {
        return List.of(
                text.phoneKey(),
                text.masked(),
                text.expiresAt(),
                text.sends(),
                text.lastSentAt(),
                text.messageId(),
                text.news());
    }

    @Test
    void anExpiredChallengeIsNeitherFoundNorTried() {
        OpaqueToken token = created(challenge());
        rig().clock().advance(LIFE.minusMillis(1));
        assertTrue(isThere(token));
        rig().clock().advance(Duration.ofMillis(1));
        assertFalse(isThere(token));
        assertEquals(Optional.empty(), rig().call(() -> store().takeTry(token)));
    }

    @Test
    void ofManyTriesAtOnceFiveAreTaken() {
        OpaqueToken token = created(challenge());
        List<Optional<Challenge>> taken = rig().atOnce(MANY, i -> anyNode(i).takeTry(token));
        Set<Integer> tries =
                taken.stream().flatMap(Optional::stream).map(Challenge::tries).collect(Collectors.toSet());
        assertEquals(
                Challenge.MAX_TRIES, taken.stream().filter(Optional::isPresent).count());
        assertEquals(Set.of(1, 2, 3, 4, 5), tries, "each is told its own number");
        assertEquals(0, find(token).orElseThrow().triesLeft());
    }

    @Test
    void ofManyWhoPassAtOnceOneDoes() {
        Challenge challenge = challenge();
        OpaqueToken token = created(challenge);
        List<AuditEvent> events = Stream.generate(
                        () -> given.event(challenge.subject(), AuditType.SECOND_FACTOR_ACCEPTED))
                .limit(MANY)
                .toList();
        List<Boolean> passed = rig().atOnce(MANY, i -> anyNode(i).pass(challenge.id(), List.of(events.get(i))));
        assertEquals(1, Collections.frequency(passed, true));
        assertFalse(isThere(token));
        assertEquals(Optional.empty(), rig().call(() -> store().takeTry(token)));
        assertTold(challenge.account().value(), events.get(passed.indexOf(true)));
    }

    @Test
    void ofManyWhoReplaceOneTextAtOnceOneDoes() {
        Challenge challenge = challenge();
        OpaqueToken token = created(challenge);
        List<Boolean> first =
                rig().atOnce(MANY, i -> anyNode(i).replaceText(challenge.id(), Optional.empty(), text(1)));
        assertEquals(1, Collections.frequency(first, true));
        Optional<Text> sent = find(token).flatMap(Challenge::text);
        rig().clock().advance(Duration.ofSeconds(30));
        List<Boolean> second = rig().atOnce(MANY, i -> anyNode(i).replaceText(challenge.id(), sent, text(2)));
        assertEquals(1, Collections.frequency(second, true));
        assertEquals(2, find(token).flatMap(Challenge::text).orElseThrow().sends());
    }

    @Test
    void aTextThatCouldNotBeSentIsTakenBack() {
        Challenge challenge = challenge();
        OpaqueToken token = created(challenge);
        Text ordered = text(1);
        assertTrue(replace(challenge, Optional.empty(), ordered));
        Text takenBack = ordered.notSent(Optional.empty());
        assertTrue(replace(challenge, Optional.of(ordered), takenBack));
        assertEquals(0, find(token).flatMap(Challenge::text).orElseThrow().sends());
        assertTrue(replace(challenge, Optional.of(takenBack), ordered));
    }

    private Outcome outcome(Challenge challenge, String message, Status status) {
        return Outcome.of(
                message, challenge.id(), "a key", status, rig().clock().instant());
    }

    private boolean learn(Challenge challenge, String message, Status status) {
        return rig().call(() -> store().learn(outcome(challenge, message, status)));
    }

    private Optional<News> news(OpaqueToken token) {
        return find(token).flatMap(Challenge::text).flatMap(Text::news);
    }

    @Test
    void theLatestNewsOfTheNewestMessageIsKept() {
        Text text = text(1);
        Challenge challenge = challenge(Optional.empty(), Optional.of(text), Optional.empty());
        OpaqueToken token = created(challenge);
        assertTrue(learn(challenge, text.messageId(), Status.ACCEPTED));
        assertEquals(Optional.of(new News(Status.ACCEPTED, Optional.empty())), news(token));
        Outcome failed =
                outcome(challenge, text.messageId(), Status.UNDELIVERED).because(FailureClass.NUMBER, "30006");
        assertTrue(rig().call(() -> otherNode().learn(failed)));
        assertEquals(Optional.of(News.of(failed)), news(token));
        assertEquals(Optional.of(FailureClass.NUMBER), news(token).orElseThrow().failure());
    }

    @Test
    void newsNeverGoBack() {
        Text text = text(1);
        Challenge challenge = challenge(Optional.empty(), Optional.of(text), Optional.empty());
        OpaqueToken token = created(challenge);
        for (Status first : Status.values()) {
            for (Status second : Status.values()) {
                Text next = text(1);
                assertTrue(replace(challenge, find(token).flatMap(Challenge::text), next));
                assertTrue(learn(challenge, next.messageId(), first));
                assertEquals(second.isAfter(first), learn(challenge, next.messageId(), second), first + " " + second);
                Status last = second.isAfter(first) ? second : first;
                assertEquals(last, news(token).orElseThrow().status());
            }
        }
    }

    @Test
    void ofManyOutcomesAtOnceTheLastWordStands() {
        Text text = text(1);
        Challenge challenge = challenge(Optional.empty(), Optional.of(text), Optional.empty());
        OpaqueToken token = created(challenge);
        List<Status> told = List.of(Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNKNOWN);
        List<Boolean> learned = rig().atOnce(
                        MANY, i -> anyNode(i).learn(outcome(challenge, text.messageId(), told.get(i % told.size()))));
        assertTrue(Collections.frequency(learned, true) <= 3, "each rank once");
        assertEquals(Status.DELIVERED, news(token).orElseThrow().status());
    }

    @Test
    void newsOfAnOlderMessageOrOfAChallengeThatIsGoneAreIgnored() {
        Text first = text(1);
        Challenge challenge = challenge(Optional.empty(), Optional.of(first), Optional.empty());
        OpaqueToken token = created(challenge);
        assertTrue(learn(challenge, first.messageId(), Status.ACCEPTED));
        rig().clock().advance(Duration.ofSeconds(30));
        Text second = text(2);
        assertTrue(replace(challenge, Optional.of(first), second));
        assertEquals(Optional.empty(), news(token));
        assertFalse(learn(challenge, first.messageId(), Status.DELIVERED));
        assertEquals(Optional.empty(), news(token));
        assertTrue(learn(challenge, second.messageId(), Status.SENT));
        rig().clock().advance(LIFE.multipliedBy(100));
        sweepLater();
        assertFalse(learn(challenge, second.messageId(), Status.DELIVERED));
        assertFalse(learn(challenge(), second.messageId(), Status.DELIVERED));
        Challenge withoutText = challenge();
        created(withoutText);
        assertFalse(learn(withoutText, "", Status.DELIVERED));
    }

    @Test
    void newsDoNotGetInTheWayOfTheNextMessage() {
        Text first = text(1);
        Challenge challenge = challenge(Optional.empty(), Optional.of(first), Optional.empty());
        OpaqueToken token = created(challenge);
        assertTrue(learn(challenge, first.messageId(), Status.DELIVERED));
        Text second = text(2);
        assertTrue(replace(challenge, Optional.of(first), second), "by whoever read it before the news came");
        Text known = new Text(
                first.mac(),
                first.sealed(),
                first.phoneKey(),
                first.masked(),
                first.expiresAt(),
                first.sends(),
                first.lastSentAt(),
                first.messageId(),
                Optional.of(new News(Status.DELIVERED, Optional.empty())));
        assertTrue(replace(challenge, Optional.of(second), second.notSent(Optional.of(known))));
        assertEquals(Status.DELIVERED, news(token).orElseThrow().status());
    }

    @Test
    void triesThatWereTakenMeanwhileSurviveANewText() {
        Challenge challenge = challenge();
        OpaqueToken token = created(challenge);
        rig().call(() -> store().takeTry(token));
        assertTrue(replace(challenge, Optional.empty(), text(1)));
        assertEquals(1, find(token).orElseThrow().tries());
    }

    @Test
    void eventsAreToldOnceAndInOrderWhetherItIsOpenOrNot() {
        Challenge challenge = challenge();
        AuditEvent password = given.event(challenge.subject(), AuditType.PASSWORD_ACCEPTED);
        AuditEvent sent = given.event(challenge.subject(), AuditType.SECOND_FACTOR_SENT);
        AuditEvent accepted = given.event(challenge.subject(), AuditType.SECOND_FACTOR_ACCEPTED);
        AuditEvent refused = given.event(challenge.subject(), AuditType.SECOND_FACTOR_REFUSED);
        created(challenge, password);
        rig().call(() -> {
            store().note(challenge.id(), List.of(sent));
            store().pass(challenge.id(), List.of(accepted));
            store().note(challenge.id(), List.of(refused));
            return true;
        });
        assertTold(challenge.account().value(), password, sent, accepted, refused);
    }

    @Test
    void aChallengeThatIsOverKeepsItsEventsUntilTheyAreTold() {
        Challenge challenge = challenge();
        AuditEvent password = given.event(challenge.subject(), AuditType.PASSWORD_ACCEPTED);
        rig().brokerLeaves();
        created(challenge, password);
        rig().clock().advance(LIFE.multipliedBy(100));
        sweepLater();
        assertTold(challenge.account().value());
        rig().brokerReturns();
        assertTold(challenge.account().value(), password);
    }

    @Test
    void whatIsNotedAboutAChallengeThatIsGoneIsToldAllTheSame() {
        Challenge challenge = challenge();
        created(challenge);
        rig().clock().advance(LIFE.multipliedBy(100));
        sweepLater();
        AuditEvent refused = given.event(challenge.subject(), AuditType.SECOND_FACTOR_REFUSED);
        rig().call(() -> {
            store().note(challenge.id(), List.of(refused));
            return true;
        });
        assertTold(challenge.account().value(), refused);
    }

    @Test
    void eachCallSaysThatTheStoreIsGone() {
        Challenge challenge = challenge();
        OpaqueToken token = created(challenge);
        assertEachSaysThatTheStoreIsGone(List.of(
                () -> store().create(challenge(), given.token(), List.of()),
                () -> store().find(token),
                () -> store().takeTry(token),
                () -> store().pass(challenge.id(), List.of()),
                () -> store().note(
                                challenge.id(),
                                List.of(given.event(challenge.subject(), AuditType.SECOND_FACTOR_SENT))),
                () -> store().replaceText(challenge.id(), Optional.empty(), text(1)),
                () -> store().learn(outcome(challenge, "a message", Status.SENT))));
        rig().storeReturns();
        assertEquals(Optional.of(challenge), find(token));
    }

    @Test
    void tokensAndIdsOfManyChallengesDoNotMeet() {
        Set<String> found = new HashSet<>();
        List<OpaqueToken> tokens =
                Stream.generate(() -> created(challenge())).limit(10).toList();
        tokens.forEach(token -> found.add(find(token).orElseThrow().id()));
        assertEquals(tokens.size(), found.size());
    }
}
