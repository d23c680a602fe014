package dev.sallyport.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.dispatch.Delivery.Done;
import dev.sallyport.dispatch.Delivery.Late;
import dev.sallyport.dispatch.Delivery.Lost;
import dev.sallyport.dispatch.Delivery.Result;
import dev.sallyport.dispatch.Delivery.Superseded;
import dev.sallyport.dispatch.Settling.Patience;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.limit.GivenLimits;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.dispatch.route.Routes;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.SendCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What becomes of an order, with a provider that does as it is told and a ledger in memory. */
class DeliveryTest {

    private static final PhoneNumber PHONE = new PhoneNumber("+14155550123");
    private static final SendResult NO_CONNECTION =
            new SendResult.NotSent(FailureClass.NO_CONNECTION, "connect", Optional.empty());
    private static final SendResult LOST = new SendResult.Ambiguous(FailureClass.TIMEOUT, "timeout");
    private static final SendResult OPTED_OUT = new SendResult.Refused(FailureClass.CONSENT, "21610");
    private static final SendResult SUSPENDED = new SendResult.Refused(FailureClass.CONFIGURATION, "30002");

    private final DispatchMac mac = GivenKeys.mac();
    private final ScriptedProvider provider = new ScriptedProvider("main");
    private final MemoryLedger partition = new MemoryLedger();
    private final Ledger ledger = partition.worker();
    private final Pace pace = new Pace(1_000_000, System::nanoTime);
    private Senders senders;
    private final Delivery delivery = delivery(GivenLimits.recordOnly(), provider);

    private Delivery delivery(Limits limits, SmsProvider... providers) {
        limits.assigned(0);
        pace.share(24, 24);
        Set<String> names = Arrays.stream(providers).map(SmsProvider::name).collect(Collectors.toSet());
        Map<String, Integer> weights =
                names.stream().collect(Collectors.toMap(name -> name, name -> name.equals("main") ? 1 : 0));
        Routes routes = new Routes(names, Map.of(Routes.DEFAULT, weights));
        senders = new Senders(List.of(providers), new Router(routes, new Random(1)), pace, 32, System::nanoTime);
        return new Delivery(
                senders,
                limits,
                pace,
                new Backoff(new Random(1)),
                mac,
                new DispatchMeters(new SimpleMeterRegistry()),
                Clock.systemUTC(),
                new Patience(Duration.ofMillis(100), Duration.ofMillis(300)));
    }

    @Test
    void anAcceptedMessageIsClaimedFirstAndEndedThen() throws Exception {
        Ended ended = done(deliver(order("m")));
        assertEquals(End.ACCEPTED, ended.end());
        assertEquals(Optional.of("main-1"), ended.providerId());
        assertEquals(List.of("started 1", "accepted 1"), story());
        TextMessage sent = provider.sent().getFirst();
        assertEquals(PHONE.e164(), sent.to());
        assertEquals("the text", sent.text());
        assertTrue(sent.validity().compareTo(Duration.ofSeconds(290)) > 0, sent.validity()::toString);
    }

    @Test
    void theLedgerTellsNothingOfTheNumber() throws Exception {
        deliver(order("m"));
        Sending sending = ((Started) partition.entries().getFirst()).sending();
        assertEquals("US", sending.region());
        assertEquals(mac.pseudonym("block", "+14155550"), sending.block());
        assertEquals(mac.pseudonym("prefix", "+1415555"), sending.prefix());
        assertFalse(sending.toString().contains("1415555"), sending::toString);
    }

    @Test
    void whatWasSurelyNotSentIsTriedAgain() throws Exception {
        provider.next(NO_CONNECTION, NO_CONNECTION);
        assertEquals(End.ACCEPTED, done(deliver(order("m"))).end());
        assertEquals(List.of("started 1", "not_sent 1", "started 2", "not_sent 2", "started 3", "accepted 3"), story());
        assertEquals(
                List.of(1, 2, 3),
                provider.sent().stream().map(TextMessage::attempt).toList());
    }

    @Test
    void aComplaintAboutTheRateSlowsTheRestDown() throws Exception {
        provider.next(new SendResult.NotSent(FailureClass.THROTTLED, "20429", Optional.of(Duration.ofMillis(300))));
        long before = System.nanoTime();
        assertEquals(End.ACCEPTED, done(deliver(order("m"))).end());
        assertTrue(System.nanoTime() - before >= 300_000_000, "left the provider alone");
        double factor = senders.status("main").rateFactor();
        assertTrue(factor < 0.6, () -> "factor " + factor);
    }

    @Test
    void aRefusalIsTheEnd() throws Exception {
        provider.next(OPTED_OUT);
        Ended ended = done(deliver(order("m")));
        assertEquals(End.REFUSED, ended.end());
        assertEquals(Optional.of(FailureClass.CONSENT), ended.failure());
        assertEquals(1, provider.sent().size());
    }

    @Test
    void aSenderThatFailsEveryMessageIsLeftForAnother() throws Exception {
        provider.next(SUSPENDED);
        ScriptedProvider backup = new ScriptedProvider("backup");
        Ended ended = done(
                delivery(GivenLimits.recordOnly(), provider, backup).deliver(order("m"), PHONE, "the text", ledger));
        assertEquals(End.ACCEPTED, ended.end());
        assertEquals(Optional.of("backup"), ended.provider());
        assertEquals(List.of("started 1", "not_sent 1", "started 2", "accepted 2"), story());
    }

    @Test
    void aSenderThatFailsEveryMessageIsTheEndWhereThereIsNoOther() throws Exception {
        provider.next(SUSPENDED);
        assertEquals(End.REFUSED, done(deliver(order("m"))).end());
    }

    @Test
    void aMessageOfALostAnswerIsSettledByNews() throws Exception {
        provider.next(LOST);
        provider.whileSending(() -> partition.add(ended("m", 1, End.ACCEPTED)));
        assertEquals(Optional.of("by-news"), done(deliver(order("m"))).providerId());
        assertEquals(1, provider.sent().size());
        assertEquals(List.of(), provider.askedFor());
    }

    @Test
    void aMessageOfALostAnswerIsSettledByAskingTheProvider() throws Exception {
        provider.next(LOST);
        provider.knows(new SendResult.Accepted("found", "sent", 1));
        assertEquals(Optional.of("found"), done(deliver(order("m"))).providerId());
        assertEquals(1, provider.sent().size());
        assertEquals(List.of("started 1", "accepted 1"), story());
    }

    @Test
    void aMessageThatTheProviderHasAndWillNotDeliverIsFailed() throws Exception {
        provider.next(LOST);
        provider.knows(OPTED_OUT);
        assertEquals(End.REFUSED, done(deliver(order("m"))).end());
        assertEquals(1, provider.sent().size());
    }

    @Test
    void aMessageOfWhichNothingIsKnownIsSentOnceMoreAndNeverAThirdTime() throws Exception {
        provider.next(LOST, LOST);
        Ended ended = done(deliver(order("m")));
        assertEquals(End.UNKNOWN, ended.end());
        assertEquals(Optional.of("timeout"), ended.code());
        assertEquals(2, provider.sent().size());
        assertEquals(List.of("started 1", "started 2 again", "unknown 2"), story());
        assertEquals(provider.sent().get(0).text(), provider.sent().get(1).text());
    }

    @Test
    void aSecondAttemptThatWasSurelyNotSentIsRepeatedAndStaysDoubtful() throws Exception {
        provider.next(LOST, NO_CONNECTION);
        assertEquals(End.ACCEPTED, done(deliver(order("m"))).end());
        assertEquals(List.of("started 1", "started 2 again", "not_sent 2", "started 3 again", "accepted 3"), story());
    }

    @Test
    void whatMayHaveBeenSentIsUnknownOnceItIsLate() throws Exception {
        provider.next(LOST, NO_CONNECTION, NO_CONNECTION, NO_CONNECTION, NO_CONNECTION, NO_CONNECTION);
        Ended ended = done(deliver(order("m", Duration.ofMillis(700))));
        assertEquals(End.UNKNOWN, ended.end());
    }

    @Test
    void anOrderThatIsReadAgainIsNotSentAgain() throws Exception {
        deliver(order("m"));
        Ledger next = partition.worker();
        assertEquals(End.ACCEPTED, next.book().end("m").orElseThrow().end());
    }

    @Test
    void theAttemptOfAWorkerThatDiedIsSettledBeforeAnother() throws Exception {
        partition.add(started("m", 1, false));
        provider.knows(new SendResult.Accepted("found", "sent", 1));
        assertEquals(Optional.of("found"), done(deliver(order("m"))).providerId());
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void theAttemptOfAWorkerThatDiedIsRepeatedOnceIfNobodyKnows() throws Exception {
        partition.add(started("m", 1, false));
        assertEquals(End.ACCEPTED, done(deliver(order("m"))).end());
        assertEquals(List.of("started 1", "started 2 again", "accepted 2"), story());
    }

    @Test
    void theSecondAttemptOfAWorkerThatDiedIsNotRepeated() throws Exception {
        partition.add(started("m", 1, false));
        partition.add(started("m", 2, true));
        Ended ended = done(deliver(order("m")));
        assertEquals(End.UNKNOWN, ended.end());
        assertEquals(Optional.of("worker-lost"), ended.code());
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void attemptsGoOnWhereAWorkerThatDiedStopped() throws Exception {
        partition.add(started("m", 1, false));
        partition.add(ended("m", 1, End.NOT_SENT));
        assertEquals(End.ACCEPTED, done(deliver(order("m"))).end());
        assertEquals(List.of("started 1", "not_sent 1", "started 2", "accepted 2"), story());
    }

    @Test
    void theAttemptOfAWorkerThatDiedIsSettledEvenIfTheOrderIsLate() throws Exception {
        partition.add(started("m", 1, false));
        assertEquals(
                End.UNKNOWN, done(deliver(order("m", Duration.ofMillis(-1)))).end());
        assertEquals(1, provider.askedFor().size());
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void ofTwoWorkersThatBelieveToHoldThePartitionOneSends() throws Exception {
        AtomicReference<Started> rival = new AtomicReference<>();
        partition.beforeEach(entry -> {
            if (entry instanceof Started && rival.get() == null) {
                rival.set(started("m", 1, false));
                partition.add(rival.get());
                partition.add(ended("m", 1, End.ACCEPTED));
            }
        });
        assertEquals(Optional.of("by-news"), done(deliver(order("m"))).providerId());
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void aHundredWorkersWithOneOrderSendItOnce() throws Exception {
        List<Future<Result>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                Ledger own = partition.worker();
                results.add(threads.submit(() -> delivery.deliver(order("m"), PHONE, "the text", own)));
            }
        }
        for (Future<Result> result : results) {
            assertEquals(End.ACCEPTED, done(result.get()).end());
        }
        assertEquals(1, provider.sent().size());
    }

    @Test
    void aNewerOrderOfTheChallengeTakesThePlace() throws Exception {
        SendCode older = order("older");
        deliver(new SendCode(
                "newer",
                older.challengeId(),
                older.purpose(),
                older.phoneKey(),
                older.createdAt().plusSeconds(1),
                older.sendBy(),
                older.expiresAt(),
                older.sealed()));
        assertInstanceOf(Superseded.class, deliver(older));
        assertEquals(1, provider.sent().size());
    }

    @Test
    void whatIsLateIsNotSent() throws Exception {
        assertInstanceOf(Late.class, deliver(order("m", Duration.ofMillis(-1))));
        assertEquals(List.of(), partition.entries());
    }

    @Test
    void whatWouldHaveToWaitTooLongForItsTurnIsLateAtOnce() throws Exception {
        pace.rate(0.1);
        assertInstanceOf(Late.class, deliver(order("m", Duration.ofSeconds(5))));
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void whoHasNoShareWaitsForOne() throws Exception {
        pace.share(0, 24);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Result> result = threads.submit(() -> deliver(order("m")));
            pace.share(1, 24);
            assertEquals(End.ACCEPTED, done(result.get(10, TimeUnit.SECONDS)).end());
        }
    }

    @Test
    void whoWaitsForItsTurnLeavesAtOnceWhenThePartitionIsGone() throws Exception {
        pace.rate(0.1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Result> result = threads.submit(() -> deliver(order("m", Duration.ofMinutes(5))));
            ledger.release();
            assertInstanceOf(Lost.class, result.get(5, TimeUnit.SECONDS));
        }
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void messagesWaitWhileTheBreakerIsOpenAndGoOnWhenItCloses() throws Exception {
        for (int i = 0; i < 5; i++) {
            provider.next(NO_CONNECTION);
        }
        assertEquals(End.ACCEPTED, done(deliver(order("m"))).end());
        assertEquals(6, provider.sent().size());
    }

    @Test
    void whatALimitHoldsBackIsWrittenAndNotSent() throws Exception {
        Delivery limited = limitedAfterTwo();
        Ended third = done(limited.deliver(order("third"), PHONE, "the text", ledger));
        assertEquals(End.SUPPRESSED, third.end());
        assertEquals(Optional.of("phone"), third.code());
        assertEquals(2, provider.sent().size());
        assertEquals(Optional.of(third), ledger.book().end("third"));
    }

    /** The phone's burst has been sent. */
    private Delivery limitedAfterTwo() throws InterruptedException {
        Limits limits = GivenLimits.byDefault();
        Delivery limited = delivery(limits, provider);
        partition.beforeEach(entry -> {
            if (entry instanceof Started started) {
                limits.sent(0, started.sending(), started.attempt(), started.provider());
            }
        });
        limited.deliver(order("first"), PHONE, "the text", ledger);
        limited.deliver(order("second"), PHONE, "the text", ledger);
        return limited;
    }

    @Test
    void whatALimitHoldsBackTakesNoMomentFromOthers() throws Exception {
        Delivery limited = limitedAfterTwo();
        pace.rate(0.001);
        Ended third = done(limited.deliver(order("third"), PHONE, "the text", ledger));
        assertEquals(End.SUPPRESSED, third.end());
    }

    @Test
    void aLimitThatCantBeJudgedIsWaitedForAndTakesNoMomentEither() throws Exception {
        Limits limits = GivenLimits.unfed();
        Delivery limited = delivery(limits, provider);
        pace.rate(0.001);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Result> result = threads.submit(() -> limited.deliver(order("m"), PHONE, "the text", ledger));
            pace.rate(1_000_000);
            limits.feedAt(0);
            assertEquals(End.ACCEPTED, done(result.get(10, TimeUnit.SECONDS)).end());
        }
    }

    @Test
    void aLimitThatCouldNotBeJudgedInTimeHoldsTheMessageBack() throws Exception {
        Delivery limited = delivery(GivenLimits.unfed(), provider);
        Ended ended = done(limited.deliver(order("m", Duration.ofMillis(300)), PHONE, "the text", ledger));
        assertEquals(End.SUPPRESSED, ended.end());
        assertEquals(Optional.of("money"), ended.code());
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void aSenderThatAsksToBeLeftAloneIsLeftForAnother() throws Exception {
        provider.next(new SendResult.NotSent(FailureClass.THROTTLED, "20429", Optional.of(Duration.ofSeconds(50))));
        ScriptedProvider backup = new ScriptedProvider("backup");
        Delivery both = delivery(GivenLimits.recordOnly(), provider, backup);
        for (String message : List.of("turned away", "next")) {
            Ended ended = done(both.deliver(order(message), PHONE, "the text", ledger));
            assertEquals(Optional.of("backup"), ended.provider());
        }
        assertEquals(1, provider.sent().size());
    }

    @Test
    void whatWasNotSentCountsForNoLimit() throws Exception {
        Delivery limited = delivery(GivenLimits.byDefault(), provider);
        for (int i = 0; i < 5; i++) {
            assertInstanceOf(
                    Late.class, limited.deliver(order("late" + i, Duration.ofMillis(-1)), PHONE, "the text", ledger));
        }
        assertEquals(
                End.ACCEPTED,
                done(limited.deliver(order("good"), PHONE, "the text", ledger)).end());
    }

    @Test
    void anOrderOfAPartitionThatIsAnothersIsLeft() throws Exception {
        Limits elsewhere = GivenLimits.byDefault();
        Delivery limited = delivery(elsewhere, provider);
        elsewhere.revoked(0);
        assertInstanceOf(Lost.class, limited.deliver(order("m"), PHONE, "the text", ledger));
        assertEquals(List.of(), provider.sent());
    }

    private Result deliver(SendCode order) throws InterruptedException {
        return delivery.deliver(order, PHONE, "the text", ledger);
    }

    private static Ended done(Result result) {
        return assertInstanceOf(Done.class, result).ended();
    }

    /** The ledger in words. */
    private List<String> story() {
        return partition.entries().stream().map(DeliveryTest::word).toList();
    }

    private static String word(LedgerEntry entry) {
        return switch (entry) {
            case Started started -> "started " + started.attempt() + (started.again() ? " again" : "");
            case Ended ended -> ended.end().name().toLowerCase(java.util.Locale.ROOT) + ' ' + ended.attempt();
        };
    }

    private static SendCode order(String message) {
        return order(message, Duration.ofSeconds(60));
    }

    private static SendCode order(String message, Duration worthSendingFor) {
        Instant now = Instant.now();
        return new SendCode(
                message,
                "challenge",
                "sign-in",
                "phone-key",
                now,
                now.plus(worthSendingFor),
                now.plusSeconds(300),
                new byte[0]);
    }

    private static Started started(String message, int attempt, boolean again) {
        Sending sending = new Sending(message, "challenge", "phone-key", "US", "+1415555", "+14155550", Instant.now());
        return new Started(sending, attempt, "another-" + attempt, "main", again, Instant.now());
    }

    private static Ended ended(String message, int attempt, End end) {
        return new Ended(
                message,
                attempt,
                end,
                Optional.empty(),
                Optional.of("main"),
                Optional.of("by-news"),
                Optional.empty(),
                Optional.empty(),
                Instant.now());
    }
}
