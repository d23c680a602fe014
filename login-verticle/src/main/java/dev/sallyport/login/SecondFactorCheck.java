package dev.sallyport.login;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.Reason;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.code.SixDigits;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiter.Admitted;
import dev.sallyport.throttle.RateLimiter.Attempt;
import dev.sallyport.throttle.RateLimiter.Delayed;
import dev.sallyport.throttle.RateLimiter.Door;
import dev.sallyport.totp.Totp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks what was typed at the second door: a code from a text message or from an authenticator app. A try is taken
 * before the code is looked at, and a right code is used up by one atomic write, so of many submissions at once one
 * passes.
 */
public final class SecondFactorCheck {

    /** What the check found. */
    public sealed interface Result {}

    /** The challenge is passed, by this submission and no other. */
    public record Passed(Challenge challenge, FactorType factor) implements Result {}

    /** Wrong; the person may try again. */
    public record Wrong(Problem problem, int triesLeft) implements Result {}

    /** Too many failures at this door: not before this time has passed, right or wrong. */
    public record TooMany(Duration remaining) implements Result {}

    /** There is no such challenge any more: expired, passed or out of tries. */
    public record Over() implements Result {}

    /** Why a code was not accepted. */
    public enum Problem {
        /** Not six digits; no try was taken, and no event is left. */
        MALFORMED,
        WRONG_CODE,
        /** It was the right one, too late. */
        EXPIRED,
        /** It was used before. */
        ALREADY_USED,
        /** The app is closed to addresses where its owner has not signed in before. */
        APP_CLOSED
    }

    private final ChallengeStore challenges;
    private final UserStore users;
    private final RateLimiter limiter;
    private final TextCodes texts;
    private final AuditEvents events;
    private final Clock clock;

    public SecondFactorCheck(
            ChallengeStore challenges,
            UserStore users,
            RateLimiter limiter,
            TextCodes texts,
            AuditEvents events,
            Clock clock) {
        this.challenges = challenges;
        this.users = users;
        this.limiter = limiter;
        this.texts = texts;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Looks for the challenge, then whether six digits were typed, then at the delays, and only then takes a try.
     *
     * @throws dev.sallyport.StoreUnavailable if the store does not answer; a try may have been taken then
     */
    public Result check(OpaqueToken token, String typed, Visitor visitor) {
        Optional<Challenge> open = challenges.find(token).filter(challenge -> challenge.purpose() == Purpose.SIGN_IN);
        Optional<SixDigits> code = SixDigits.typed(typed);
        if (open.isEmpty()) {
            return new Over();
        }
        if (code.isEmpty()) {
            return new Wrong(Problem.MALFORMED, open.get().triesLeft());
        }
        Attempt attempt = new Attempt(Door.SECOND_FACTOR, open.get().account().value(), visitor.network());
        return switch (limiter.admit(
                attempt, () -> event(open.get(), AuditType.THROTTLED, visitor).with(Reason.TOO_MANY_FAILURES))) {
            case Delayed delayed -> new TooMany(delayed.remaining());
            case Admitted admitted -> tryCode(token, code.get(), admitted, visitor);
        };
    }

    private Result tryCode(OpaqueToken token, SixDigits code, Admitted admitted, Visitor visitor) {
        Optional<Challenge> taken = challenges.takeTry(token);
        Optional<Account> found = taken.flatMap(challenge -> users.find(challenge.account()));
        if (found.isEmpty()) {
            return new Over();
        }
        Challenge challenge = taken.get();
        Account account = found.get();
        TextCodes.Check sent = account.phone()
                .filter(phone -> !phone.disabled())
                .map(phone -> texts.check(challenge, phone.number(), code))
                .orElse(TextCodes.Check.WRONG);
        return switch (sent) {
            // The count again, in one write: of very many codes at once no more than the first hundred are judged.
            case RIGHT ->
                users.acceptPhone(account.id())
                        ? passByText(challenge, account, admitted, visitor)
                        : wrongCode(challenge, account, Problem.WRONG_CODE, admitted, visitor);
            case EXPIRED -> {
                AuditEvent expired = refusal(challenge, Reason.CODE_EXPIRED, EnumSet.of(FactorType.PHONE), visitor);
                yield refuse(Problem.EXPIRED, challenge, admitted, List.of(expired));
            }
            case WRONG -> tryAppCode(challenge, account, code, admitted, visitor);
        };
    }

    private Result tryAppCode(
            Challenge challenge, Account account, SixDigits code, Admitted admitted, Visitor visitor) {
        boolean closed = closedToStrangers(account);
        if (closed && !limiter.knows(admitted.attempt())) {
            // Before the code is looked at: the answer must not tell a right one from a wrong one.
            return wrongCode(challenge, account, Problem.APP_CLOSED, admitted, visitor);
        }
        OptionalLong step = account.app().isPresent()
                ? Totp.matchingStep(account.app().get().secret(), code, clock.instant())
                : OptionalLong.empty();
        if (step.isEmpty()) {
            return wrongCode(challenge, account, Problem.WRONG_CODE, admitted, visitor);
        }
        if (users.consumeAppStep(account.id(), step.getAsLong(), closed, List.of())) {
            return pass(challenge, FactorType.APP, admitted, visitor);
        }
        if (!closed
                && users.find(account.id())
                        .filter(SecondFactorCheck::closedToStrangers)
                        .isPresent()) {
            return wrongCode(challenge, account, Problem.APP_CLOSED, admitted, visitor);
        }
        AuditEvent used = refusal(challenge, Reason.CODE_ALREADY_USED, EnumSet.of(FactorType.APP), visitor);
        return refuse(Problem.ALREADY_USED, challenge, admitted, List.of(used));
    }

    private static boolean closedToStrangers(Account account) {
        return account.app().filter(Account.App::closedToStrangers).isPresent();
    }

    private Result pass(Challenge challenge, FactorType factor, Admitted admitted, Visitor visitor) {
        AuditEvent accepted = event(challenge, AuditType.SECOND_FACTOR_ACCEPTED, visitor)
                .with(factor)
                .withAal(1, 2);
        if (!challenges.pass(challenge.id(), List.of(accepted))) {
            return new Over();
        }
        limiter.succeeded(admitted);
        return new Passed(challenge, factor);
    }

    private Result passByText(Challenge challenge, Account account, Admitted admitted, Visitor visitor) {
        Result result = pass(challenge, FactorType.PHONE, admitted, visitor);
        if (result instanceof Passed) {
            account.phone().ifPresent(phone -> texts.accepted(challenge, phone.number()));
        }
        return result;
    }

    /** Counts a wrong code, or one that was not looked at, against every factor that could have been meant. */
    private Result wrongCode(
            Challenge challenge, Account account, Problem problem, Admitted admitted, Visitor visitor) {
        Set<FactorType> meant = EnumSet.noneOf(FactorType.class);
        if (account.app().isPresent()) {
            meant.add(FactorType.APP);
        }
        if (account.phone().isPresent() && challenge.text().isPresent()) {
            meant.add(FactorType.PHONE);
        }
        Optional<Account> counted = users.countWrongCode(account.id(), meant);
        List<AuditEvent> all = new ArrayList<>();
        Reason reason = problem == Problem.APP_CLOSED ? Reason.APP_CLOSED : Reason.WRONG_CODE;
        all.add(refusal(challenge, reason, meant, visitor));
        for (FactorType factor : meant) {
            if (counted.isPresent() && counted.get().wrongCodes(factor) == Account.MAX_WRONG_CODES) {
                all.add(event(challenge, AuditType.FACTOR_LOCKED, visitor).with(factor));
            }
        }
        return refuse(problem, challenge, admitted, all);
    }

    private Result refuse(Problem problem, Challenge challenge, Admitted admitted, List<AuditEvent> because) {
        limiter.failed(admitted, because);
        return challenge.triesLeft() > 0 ? new Wrong(problem, challenge.triesLeft()) : new Over();
    }

    private AuditEvent refusal(Challenge challenge, Reason reason, Set<FactorType> factors, Visitor visitor) {
        return event(challenge, AuditType.SECOND_FACTOR_REFUSED, visitor)
                .with(reason)
                .withFactors(factors);
    }

    private AuditEvent event(Challenge challenge, AuditType type, Visitor visitor) {
        return events.about(challenge.subject(), type, visitor)
                .with(Fact.PURPOSE, challenge.purpose().id())
                .with(Fact.CHALLENGE, challenge.id());
    }
}
