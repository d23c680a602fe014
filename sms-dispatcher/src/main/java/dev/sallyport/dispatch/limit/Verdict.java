package dev.sallyport.dispatch.limit;

import java.util.Set;

/** Whether a message may be sent. */
public sealed interface Verdict {

    /**
     * It may, and is counted as sent from now on.
     *
     * @param recorded the limits that it breaks and that only record
     */
    record Allowed(Set<Rule> recorded) implements Verdict {}

    /**
     * It may not.
     *
     * @param rule the first limit that it breaks
     * @param recorded the limits that it breaks and that only record
     */
    record Suppressed(Rule rule, Set<Rule> recorded) implements Verdict {}

    /**
     * It can't be told yet, because what other workers spend is not known; it is to be asked for again.
     *
     * @param rule the limit that can't be judged
     */
    record Unknown(Rule rule) implements Verdict {}

    /** Its partition has gone to another worker, who will judge it; it must not be sent here. */
    record Elsewhere() implements Verdict {}
}
