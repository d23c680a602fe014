package dev.sallyport.dispatch;

import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.phone.PhoneRegions;
import dev.sallyport.sms.SendCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A genuine order that was opened, of a partition that this process holds.
 *
 * @param mac hides the numbers that limits count by
 * @param text what the person is to read, complete
 */
record Job(SendCode order, PhoneNumber phone, String text, Ledger ledger, DispatchMac mac, Clock clock) {

    /** How long an order is worth sending from a time on; not positive if it is not. */
    static Duration timeLeft(SendCode order, Instant now) {
        Instant end = order.sendBy().isBefore(order.expiresAt()) ? order.sendBy() : order.expiresAt();
        return Duration.between(now, end);
    }

    Duration timeLeft() {
        return timeLeft(order, clock.instant());
    }

    boolean isLate() {
        return !timeLeft().isPositive();
    }

    String messageId() {
        return order.messageId();
    }

    /** As limits and the ledger know it. */
    Sending sending() {
        String prefix = phone.block().substring(0, phone.block().length() - 1);
        return new Sending(
                order.messageId(),
                order.challengeId(),
                order.phoneKey(),
                PhoneRegions.of(phone),
                mac.pseudonym("prefix", prefix),
                mac.pseudonym("block", phone.block()),
                order.createdAt());
    }

    /** As a provider gets it now. */
    TextMessage message(int attempt) {
        Duration life = Duration.between(clock.instant(), order.expiresAt());
        Duration validity = life.isPositive() ? life : Duration.ofMillis(1);
        return new TextMessage(order.messageId(), order.phoneKey(), phone.e164(), text, validity, attempt);
    }

    /** Waits, but not beyond the time that is left; false, and at once, if the partition is another's by then. */
    boolean pause(Duration time) throws InterruptedException {
        Duration left = timeLeft();
        return ledger.pause(time.compareTo(left) < 0 || !left.isPositive() ? time : left);
    }

    /** Without its text, which has the code. */
    @Override
    public String toString() {
        return "Job[messageId=%s, partition=%d]".formatted(order.messageId(), ledger.partition());
    }
}
