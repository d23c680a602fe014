package dev.sallyport.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.Dispatcher.GivenUp;
import dev.sallyport.dispatch.Dispatcher.Handled;
import dev.sallyport.dispatch.Dispatcher.Result;
import dev.sallyport.dispatch.Dispatcher.ToldLongAgo;
import dev.sallyport.dispatch.Dispatcher.Untrusted;
import dev.sallyport.dispatch.ledger.Book;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.limit.GivenLimits;
import dev.sallyport.dispatch.limit.Limits;
import dev.sallyport.dispatch.pace.Backoff;
import dev.sallyport.dispatch.pace.Pace;
import dev.sallyport.dispatch.route.Router;
import dev.sallyport.dispatch.route.Routes;
import dev.sallyport.event.EventRecord;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.SendCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an event, with real keys. */
class DispatcherTest {

    private static final String PHONE = "+14155550123";

    private final ScriptedProvider provider = new ScriptedProvider("main");
    private final MemoryLedger partition = new MemoryLedger();
    private final Ledger ledger = partition.worker();
    private OrderMaker orders;
    private Dispatcher dispatcher;

    @BeforeEach
    void wire() {
        Keyring keys = GivenKeys.keyring();
        Limits limits = GivenLimits.recordOnly();
        limits.assigned(0);
        Pace pace = new Pace(1_000_000, System::nanoTime);
        Router router = new Router(new Routes(Set.of("main"), Map.of()), new Random(1));
        Senders senders = new Senders(List.of(provider), router, pace, 32, System::nanoTime);
        pace.share(24, 24);
        DispatchMeters meters = new DispatchMeters(new SimpleMeterRegistry());
        Delivery delivery = new Delivery(
                senders, limits, pace, new Backoff(new Random(1)), new DispatchMac(keys), meters, Clock.systemUTC());
        orders = new OrderMaker(keys, Clock.systemUTC());
        dispatcher = new Dispatcher(
                new EventVerifier(keys),
                new CodeOpener(keys),
                delivery,
                meters,
                "Acme",
                "localhost",
                Clock.systemUTC());
    }

    @Test
    void aGenuineOrderIsSentWithItsCodeAndTold() throws Exception {
        SendCode order = orders.order(PHONE, "123456", Instant.now());
        assertEquals(Status.ACCEPTED, handled(order).status());
        TextMessage sent = provider.sent().getFirst();
        assertEquals(PHONE, sent.to());
        assertTrue(sent.text().startsWith("123456 "), sent.text());
        assertEquals(order.messageId(), sent.messageId());
    }

    @Test
    void anOrderThatIsReadAgainIsToldAgainAndNotSent() throws Exception {
        SendCode order = orders.order(PHONE, "123456", Instant.now());
        Outcome first = handled(order);
        assertEquals(first, handled(order));
        assertEquals(1, provider.sent().size());
    }

    @Test
    void anOrderThatWasToldLongAgoIsNeitherToldNorSent() throws Exception {
        SendCode order = orders.order(PHONE, "123456", Instant.now());
        handled(order);
        ledger.book().forget(Instant.now().plus(Book.STORIES_KEPT).plusSeconds(1));
        assertInstanceOf(ToldLongAgo.class, handle(order));
        assertEquals(1, provider.sent().size());
    }

    @Test
    void aLateOrderIsExpiredWithoutBeingOpened() throws Exception {
        Instant then = Instant.now().minus(SendCode.WORTH_SENDING_FOR).minus(Duration.ofSeconds(1));
        assertEquals(
                Status.EXPIRED, handled(orders.order(PHONE, "123456", then)).status());
        assertEquals(
                Status.EXPIRED,
                handled(orders.order(PHONE, "no code".getBytes(StandardCharsets.UTF_8), then))
                        .status());
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void whatIsNotGenuineIsNotTrusted() throws Exception {
        Instant now = Instant.now();
        OrderMaker strangers = new OrderMaker(GivenKeys.keyring(), Clock.systemUTC());
        assertEquals(Poison.UNKNOWN_KEY, poison(event(strangers, strangers.order(PHONE, "123456", now))));
        assertEquals(Poison.NOT_GENUINE, poison(event(orders, orders.orderWithSealOfAnother(PHONE, "123456", now))));
        assertEquals(
                Poison.NO_CODE_INSIDE,
                poison(event(orders, orders.order(PHONE, "{}".getBytes(StandardCharsets.UTF_8), now))));
        EventRecord genuine = event(orders, orders.order(PHONE, "123456", now));
        assertEquals(Poison.NOT_GENUINE, poison(Events.with(genuine, "another body")));
        assertEquals(List.of(), provider.sent());
    }

    @Test
    void anOrderThatChoosesItsOwnTimeIsNotTrusted() throws Exception {
        Instant ahead = Instant.now().plus(Duration.ofMinutes(6));
        assertEquals(Poison.IMPLAUSIBLE_TIME, poison(event(orders, orders.order(PHONE, "123456", ahead))));
        Instant skewed = Instant.now().plus(Duration.ofMinutes(4));
        assertEquals(
                Status.ACCEPTED, handled(orders.order(PHONE, "123456", skewed)).status());
    }

    @Test
    void copiesOfAnOrderWaitForOneOfThem() throws Exception {
        SendCode order = orders.order(PHONE, "123456", Instant.now());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> copies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                copies.add(threads.submit(() -> handled(order)));
            }
            for (Future<Outcome> copy : copies) {
                assertEquals(Status.ACCEPTED, copy.get().status());
            }
        }
        assertEquals(1, provider.sent().size());
        assertEquals(
                1,
                partition.entries().stream().filter(Started.class::isInstance).count());
    }

    @Test
    void anOrderOfAPartitionThatHasGoneIsGivenUp() throws Exception {
        ledger.release();
        assertInstanceOf(GivenUp.class, handle(orders.order(PHONE, "123456", Instant.now())));
        assertEquals(List.of(), provider.sent());
    }

    private Result handle(SendCode order) throws InterruptedException {
        return dispatcher.handle(event(orders, order), ledger);
    }

    private Outcome handled(SendCode order) throws InterruptedException {
        return assertInstanceOf(Handled.class, handle(order)).outcome();
    }

    private Poison poison(EventRecord event) throws InterruptedException {
        return assertInstanceOf(Untrusted.class, dispatcher.handle(event, ledger))
                .poison();
    }

    private static EventRecord event(OrderMaker maker, SendCode order) {
        return maker.event(Role.LOGIN, order);
    }
}
