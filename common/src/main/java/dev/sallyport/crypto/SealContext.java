package dev.sallyport.crypto;

import java.time.Instant;

/**
 * What a sealed code belongs to, readable beside it. A seal opens only together with the same four values, so none of
 * them can be changed on the way, and no code can be redirected to another phone or kept alive.
 *
 * @param expiresAt counts in milliseconds, as the database keeps it
 */
public record SealContext(String eventType, String challengeId, String phoneKey, Instant expiresAt) {

    byte[] bytes() {
        return Parts.of("sealed-code:1")
                .and(eventType)
                .and(challengeId)
                .and(phoneKey)
                .and(expiresAt.toEpochMilli())
                .bytes();
    }
}
