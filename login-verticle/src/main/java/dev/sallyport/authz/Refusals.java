package dev.sallyport.authz;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.authz.Gate.StepUpNeeded;
import dev.sallyport.session.Session;
import dev.sallyport.session.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells auditors that somebody who is signed in was not let through: once in {@link #ONCE_IN} for each session and rule,
 * whichever nodes refuse it. That nobody was signed in is only counted: so it is with every first request.
 */
public final class Refusals {

    static final Duration ONCE_IN = Duration.ofMinutes(1);

    private static final long MOST_REMEMBERED = 10_000;

    private final Sessions sessions;
    private final AuditEvents events;
    private final Clock clock;
    /** Spares the store the question whether a refusal was told. */
    private final Cache<String, Boolean> told;

    /** @param ticker monotonic */
    public Refusals(Sessions sessions, AuditEvents events, Clock clock, Ticker ticker) {
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
        this.told = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(ONCE_IN)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** True if this refusal is still to be told, as far as this node knows; true once only. */
    public boolean isNews(StepUpNeeded refused) {
        String key = refused.session().handle() + ' ' + refused.rule();
        return told.asMap().putIfAbsent(key, true) == null;
    }

    /** Tells it, unless another node has; waits for the store. */
    public void tell(StepUpNeeded refused, String host, Visitor visitor) {
        Session session = refused.session();
        Instant now = clock.instant();
        Reason reason = refused.need().isSureEnough(session) ? Reason.PASSWORD_TOO_OLD : Reason.SECOND_FACTOR_NEEDED;
        AuditEvent event = events.about(session.subject(), AuditType.ACCESS_REFUSED, visitor)
                .with(reason)
                .with(Fact.SESSION, session.handle())
                .with(Fact.SITE, host)
                .with(Fact.RULE, refused.rule());
        sessions.refuse(session.handle(), refused.rule(), now.minus(ONCE_IN), event);
    }
}
