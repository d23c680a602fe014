package dev.sallyport.authz;

import dev.sallyport.authz.Sites.Judged;
import dev.sallyport.session.Session;
import java.time.Clock;
import java.util.Optional;

/** Decides who is let through to a protected site. It waits for nothing. */
public final class Gate {

    /** What a proxy shall do with a request. */
    public sealed interface Answer {}

    /** Let it through. */
    public record Allowed() implements Answer {}

    /** Not before somebody has signed in. */
    public record SignInNeeded(Need need) implements Answer {}

    /**
     * Not before the person has passed another door.
     *
     * @param rule the name of the rule that asks for it
     */
    public record StepUpNeeded(Session session, String rule, Need need) implements Answer {}

    private final Sites sites;
    private final Clock clock;

    public Gate(Sites sites, Clock clock) {
        this.sites = sites;
        this.clock = clock;
    }

    /**
     * Decides.
     *
     * @param host the protected one that is asked for, as {@link Sites#host} gives it
     * @param session of whoever asks, if anybody is signed in at that site
     */
    public Answer decide(String host, Asked asked, Optional<Session> session) {
        Judged judged = sites.judge(host, asked.method(), asked.uri());
        if (session.isEmpty()) {
            return new SignInNeeded(judged.need());
        }
        return judged.need().isMetBy(session.get(), clock.instant())
                ? new Allowed()
                : new StepUpNeeded(session.get(), judged.rule(), judged.need());
    }
}
