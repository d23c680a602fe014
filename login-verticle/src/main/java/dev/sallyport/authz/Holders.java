package dev.sallyport.authz;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.crypto.Assertions;
import dev.sallyport.session.CachedSessions;
import dev.sallyport.session.Pass;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who holds the cookie of a protected site, with the assertion that the application gets. Assertions are kept beside the
 * sessions that nodes remember, and signed again when half of their life is over: never on an event loop, and no
 * more often than once in {@link #SIGNED_FOR} for each cookie.
 */
public final class Holders {

    /** An application has at least as long again to look at an assertion. */
    static final Duration SIGNED_FOR = Assertions.LIFE.dividedBy(2);

    /** Somebody who is signed in at a site. */
    public record Holder(Session session, Identity identity) {}

    /** Who holds a cookie as this node remembers it, or that nobody does. */
    public record Recalled(Optional<Holder> holder) {

        /** For a browser without one, too. */
        public static final Recalled NOBODY = new Recalled(Optional.empty());
    }

    /**
     * What was signed.
     *
     * @param proofs those that it tells of
     */
    private record Signed(Identity identity, List<Proof> proofs, Instant at) {}

    private final CachedSessions sessions;
    private final Assertions assertions;
    private final Clock clock;
    private final Cache<String, Signed> signed;

    /** @param most so many assertions are kept at most */
    public Holders(CachedSessions sessions, Assertions assertions, long most, Clock clock) {
        this.sessions = sessions;
        this.assertions = assertions;
        this.clock = clock;
        this.signed = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(SIGNED_FOR)
                .executor(Runnable::run)
                .build();
    }

    /**
     * What is remembered of a cookie, without asking or signing anything.
     *
     * @return empty if that takes {@link #find}
     */
    public Optional<Recalled> recall(Pass token, String host) {
        return sessions.recall(token, host)
                .flatMap(known -> known.session().isEmpty()
                        ? Optional.of(Recalled.NOBODY)
                        : kept(token, host, known.session().get()).map(holder -> new Recalled(Optional.of(holder))));
    }

    /** Who holds a cookie; waits for the store where it must. */
    public Optional<Holder> find(Pass token, String host) {
        return sessions.find(token, host)
                .map(session -> kept(token, host, session).orElseGet(() -> sign(token, host, session)));
    }

    private Optional<Holder> kept(Pass token, String host, Session session) {
        return Optional.ofNullable(signed.getIfPresent(token.key(host)))
                .filter(one -> clock.instant().isBefore(one.at().plus(SIGNED_FOR))
                        && one.proofs().equals(session.proofs()))
                .map(one -> new Holder(session, one.identity()));
    }

    private Holder sign(Pass token, String host, Session session) {
        Instant now = clock.instant();
        Identity identity = Identity.of(session, assertions.sign(Identity.statement(session, host), now));
        signed.put(token.key(host), new Signed(identity, session.proofs(), now));
        return new Holder(session, identity);
    }
}
