package dev.sallyport;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;

/** Makes ids (accounts, sessions' handles, challenges, events, messages: no secrets) and tokens (secrets). */
public final class Ids {

    private final Clock clock;
    private final SecureRandom random;

    public Ids(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** A new id: a UUID of version 7, so ids sort by the millisecond in which they were made (RFC 9562). */
    public String next() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        long millis = clock.millis();
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (millis >>> (40 - 8 * i));
        }
        bytes[6] = (byte) (0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte) (0x80 | (bytes[8] & 0x3F));
        String hex = HexFormat.of().formatHex(bytes);
        return hex.substring(0, 8)
                + '-'
                + hex.substring(8, 12)
                + '-'
                + hex.substring(12, 16)
                + '-'
                + hex.substring(16, 20)
                + '-'
                + hex.substring(20);
    }

    /** A new secret for a browser. */
    public OpaqueToken token() {
        return OpaqueToken.random(random);
    }
}
