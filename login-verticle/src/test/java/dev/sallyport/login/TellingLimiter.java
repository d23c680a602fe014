package dev.sallyport.login;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.throttle.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Delays only when told to, and tells what it was told. */
final class TellingLimiter implements RateLimiter {

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<AuditEvent> events = new ArrayList<>();
    private final List<String> givenBack = new ArrayList<>();
    private final Set<Attempt> known = new HashSet<>();
    private Optional<Duration> delay = Optional.empty();

    /** From now on nobody is admitted before this time has passed. */
    void delay(Duration remaining) {
        delay = Optional.of(remaining);
    }

    /** From now on this pair counts as one that has succeeded before. */
    void know(Attempt attempt) {
        known.add(attempt);
    }

    /** Whoever asked to be admitted, in that order. */
    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** What became of those that were admitted, a word for each. */
    List<String> told() {
        return List.copyOf(told);
    }

    /** What was given back, to whom, and what it had been spent for. */
    List<String> givenBack() {
        return List.copyOf(givenBack);
    }

    List<AuditEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public Admission admit(Attempt attempt, Supplier<AuditEvent> refusal) {
        attempts.add(attempt);
        if (delay.isPresent()) {
            events.add(refusal.get());
            return new Delayed(delay.get());
        }
        return new Admitted(attempt, 1, Instant.EPOCH);
    }

    @Override
    public void failed(Admitted admitted, List<AuditEvent> because) {
        told.add("failed");
        events.addAll(because);
    }

    @Override
    public void succeeded(Admitted admitted) {
        told.add("succeeded");
    }

    @Override
    public void withdrawn(Admitted admitted) {
        told.add("withdrawn");
    }

    @Override
    public boolean knows(Attempt attempt) {
        return known.contains(attempt);
    }

    @Override
    public boolean canSpend(Allowance allowance, String who) {
        return true;
    }

    @Override
    public boolean spend(Allowance allowance, String who, Use use, List<AuditEvent> its) {
        return true;
    }

    @Override
    public void giveBack(Allowance allowance, String who, Use use) {
        throw new AssertionError("nothing fails to be ordered here");
    }

    @Override
    public void giveBackAll(Allowance allowance, String who, String of) {
        givenBack.add(allowance.name() + " of " + who + " for " + of);
    }
}
