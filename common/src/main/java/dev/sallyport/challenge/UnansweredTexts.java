package dev.sallyport.challenge;

import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiter.Allowance;
import dev.sallyport.throttle.RateLimiter.Use;
import java.time.Duration;
import java.util.List;

/**
 * How many messages may go out in a day without their code coming back: who makes the platform send for the sake of
 * sending types none of them. Messages of a challenge that was passed with their code don't count.
 */
final class UnansweredTexts {

    private static final Duration DAY = Duration.ofHours(24);

    /** To one phone, whoever asks. */
    static final Allowance TO_PHONE = new Allowance("texts-to-phone", 12, DAY);

    /** Of one account, to whatever phone. */
    static final Allowance OF_ACCOUNT = new Allowance("texts-of-account", 10, DAY);

    private final RateLimiter limiter;

    UnansweredTexts(RateLimiter limiter) {
        this.limiter = limiter;
    }

    /**
     * Counts the challenge's newest message before it is ordered.
     *
     * @return false, and it is not counted, if it must not be sent
     * @throws dev.sallyport.StoreUnavailable if it can't be counted; then it must not be sent either
     */
    boolean count(Challenge challenge, PhoneNumber phone) {
        String account = challenge.account().value();
        // The account first: what is lost in between counts against nobody else.
        if (!limiter.spend(OF_ACCOUNT, account, use(challenge), List.of())) {
            return false;
        }
        if (limiter.spend(TO_PHONE, phone.e164(), use(challenge), List.of())) {
            return true;
        }
        limiter.giveBack(OF_ACCOUNT, account, use(challenge));
        return false;
    }

    /** The challenge's newest message could not be ordered. */
    void notSent(Challenge challenge, PhoneNumber phone) {
        limiter.giveBack(OF_ACCOUNT, challenge.account().value(), use(challenge));
        limiter.giveBack(TO_PHONE, phone.e164(), use(challenge));
    }

    /** A code that the challenge sent came back. */
    void answered(Challenge challenge, PhoneNumber phone) {
        limiter.giveBackAll(OF_ACCOUNT, challenge.account().value(), challenge.id());
        limiter.giveBackAll(TO_PHONE, phone.e164(), challenge.id());
    }

    private static Use use(Challenge challenge) {
        return new Use(challenge.text().orElseThrow().messageId(), challenge.id());
    }
}
