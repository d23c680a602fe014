package dev.sallyport.dispatch;

import java.time.Instant;

/**
 * What limits and the ledger know of a message: neither its number nor its code.
 *
 * @param phoneKey the record key of the order: the same for every message to one phone
 * @param region where the number belongs, ISO 3166-1 alpha-2
 * @param block the number without its last three digits, E.164: 1,000 numbers share it
 * @param orderedAt the time of the order's event
 */
public record Sending(
        String messageId, String challengeId, String phoneKey, String region, String block, Instant orderedAt) {

    public Sending {
        if (block.length() < 2) {
            throw new IllegalArgumentException("a block of numbers has a + and digits");
        }
    }

    /** The number without its last four digits: 10,000 numbers share it. */
    public String prefix() {
        return block.substring(0, block.length() - 1);
    }
}
