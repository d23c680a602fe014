package dev.sallyport.dispatch;

import java.time.Instant;

/**
 * What limits and the ledger know of a message: neither its number nor its code.
 *
 * @param phoneKey the record key of the order: the same for every message to one phone
 * @param region where the number belongs, ISO 3166-1 alpha-2
 * @param prefix stands for the number without its last four digits: 10,000 numbers share it
 * @param block stands for the number without its last three digits: 1,000 numbers share it
 * @param orderedAt the time of the order's event
 */
public record Sending(
        String messageId,
        String challengeId,
        String phoneKey,
        String region,
        String prefix,
        String block,
        Instant orderedAt) {}
