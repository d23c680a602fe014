package dev.sallyport.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sallyport.OpaqueToken;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sessions as this node remembers them: for {@link #REMEMBERED} from the beginning of a read of the store, and no longer
 * than until it hears that one has changed. So one that ends at another node is over here at once while Kafka works, and
 * within that time while it does not. Tokens that open nothing are remembered as well.
 *
 * <p>What is read while news of the same session arrive may be older than these, and is read again: however slow a read
 * is, it brings nothing back.
 */
public final class CachedSessions implements Sessions {

    /** How long a session may be accepted without asking the store. */
    public static final Duration REMEMBERED = Duration.ofSeconds(5);

    /** Longer than the store is waited for: no read that began before the news is then still under way. */
    private static final Duration NEWS_KEPT = Duration.ofSeconds(10);

    /** The live session of a token as this node remembers it, or that the token opens none. */
    public record Recalled(Optional<Session> session) {}

    /**
     * What the store said of a token.
     *
     * @param readAt when it was asked, in the ticker's nanoseconds
     * @param readOn the same by the clock, since the ticker stands still while the machine sleeps
     */
    private record Known(Optional<Session> session, long readAt, Instant readOn) {}

    private final Sessions store;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<Session> renewed;
    /** By the hash of the token, as in the store: a dump of this memory opens no door either. */
    private final Cache<String, Known> known;
    /** When something was heard of a session, by its handle, in the ticker's nanoseconds. */
    private final Cache<String, Long> heard;

    private volatile boolean listening;

    /**
     * @param most so many tokens are remembered at most
     * @param ticker monotonic
     * @param renewed tells the other nodes that a session has a new token; must not block
     */
    public CachedSessions(Sessions store, long most, Clock clock, Ticker ticker, Consumer<Session> renewed) {
        this.store = store;
        this.renewed = renewed;
        this.clock = clock;
        this.ticker = ticker;
        this.known = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(REMEMBERED)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        // Whoever could flood the topic makes nodes forget news at most, and then what is remembered still ends by
        // itself.
        this.heard = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(NEWS_KEPT)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** From now on this node hears what changes; before that it remembers nothing. */
    public void listening() {
        listening = true;
    }

    /** Lets go of what is remembered of a session, because it has ended or changed. */
    public void changed(String handle) {
        heard.put(handle, ticker.read());
    }

    /**
     * What is remembered of a token, without asking anybody.
     *
     * @return empty if the store has to be asked, by {@link #find}
     */
    public Optional<Recalled> recall(OpaqueToken token) {
        return recall(token.hash());
    }

    /** The same for a token of a protected site. */
    public Optional<Recalled> recall(Pass token, String host) {
        return recall(token.key(host));
    }

    private Optional<Recalled> recall(String key) {
        return Optional.ofNullable(known.getIfPresent(key))
                .filter(one -> isFresh(one) && stands(one))
                .map(one -> new Recalled(
                        one.session().filter(session -> clock.instant().isBefore(session.endsAt()))));
    }

    /** About how many tokens are remembered. */
    public long remembered() {
        known.cleanUp();
        return known.estimatedSize();
    }

    @Override
    public Optional<Session> find(OpaqueToken token) {
        return recall(token).map(Recalled::session).orElseGet(() -> read(token.hash(), () -> store.find(token)));
    }

    @Override
    public Optional<Session> find(Pass token, String host) {
        return recall(token, host)
                .map(Recalled::session)
                .orElseGet(() -> read(token.key(host), () -> store.find(token, host)));
    }

    private Optional<Session> read(String key, Supplier<Optional<Session>> read) {
        boolean remember = listening;
        Known first = ask(read);
        if (!stands(first)) {
            return ask(read).session();
        }
        if (remember) {
            known.put(key, first);
        }
        return first.session();
    }

    private Known ask(Supplier<Optional<Session>> read) {
        long now = ticker.read();
        Instant on = clock.instant();
        return new Known(read.get(), now, on);
    }

    private boolean isFresh(Known one) {
        return ticker.read() - one.readAt() < REMEMBERED.toNanos()
                && clock.instant().isBefore(one.readOn().plus(REMEMBERED));
    }

    /** True if nothing was heard of its session since it was read. */
    private boolean stands(Known one) {
        return one.session()
                .map(session -> heard.getIfPresent(session.handle()))
                .filter(at -> at - one.readAt() >= 0)
                .isEmpty();
    }

    @Override
    public List<Session> of(AccountId account) {
        return store.of(account);
    }

    @Override
    public void open(Session session, OpaqueToken token, List<AuditEvent> events) {
        store.open(session, token, events);
    }

    @Override
    public boolean renew(Session session, OpaqueToken next, List<AuditEvent> events) {
        try {
            boolean done = store.renew(session, next, events);
            if (done) {
                renewed.accept(session);
            }
            return done;
        } finally {
            changed(session.handle());
        }
    }

    @Override
    public boolean end(String handle, List<AuditEvent> events) {
        try {
            return store.end(handle, events);
        } finally {
            changed(handle);
        }
    }

    @Override
    public boolean issue(Ticket ticket) {
        return store.issue(ticket);
    }

    @Override
    public Optional<String> admit(Pass ticket, String host, String nonceHash, Pass token) {
        return store.admit(ticket, host, nonceHash, token);
    }

    @Override
    public boolean refuse(String handle, String rule, Instant since, AuditEvent event) {
        return store.refuse(handle, rule, since, event);
    }
}
