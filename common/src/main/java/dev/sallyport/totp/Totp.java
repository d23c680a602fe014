package dev.sallyport.totp;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import dev.sallyport.code.SixDigits;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/**
 * The codes of authenticator apps: RFC 6238 with SHA-1, {@value #DIGITS} digits and steps of {@value #STEP_SECONDS}
 * seconds since 1970, which is what all apps can do.
 */
public final class Totp {

    static final int DIGITS = 6;
    static final int STEP_SECONDS = 30;

    private static final HmacOneTimePasswordGenerator CODES = new HmacOneTimePasswordGenerator(DIGITS);

    private Totp() {}

    /**
     * The step that this code belongs to: the present one or the one before, since typing takes time; never a coming
     * one. Takes as long for a wrong code as for a right one.
     *
     * @return the step, which the caller consumes before it lets anyone in, so that each counts once: a right code is
     *     seen by others too (over a shoulder, in a proxy). Empty for a wrong code.
     */
    public static OptionalLong matchingStep(TotpSecret secret, SixDigits code, Instant now) {
        long step = step(now);
        boolean present = same(code, code(secret, step));
        boolean before = same(code, code(secret, step - 1));
        if (present) {
            return OptionalLong.of(step);
        }
        return before ? OptionalLong.of(step - 1) : OptionalLong.empty();
    }

    /** The code that the app shows during this step. */
    public static SixDigits code(TotpSecret secret, long step) {
        try {
            var key = new SecretKeySpec(secret.bytes(), CODES.getAlgorithm());
            return new SixDigits(CODES.generateOneTimePasswordString(key, step, Locale.ROOT));
        } catch (InvalidKeyException e) {
            throw new AssertionError("HMAC takes every key", e);
        }
    }

    public static long step(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), STEP_SECONDS);
    }

    private static boolean same(SixDigits left, SixDigits right) {
        return MessageDigest.isEqual(
                left.value().getBytes(StandardCharsets.US_ASCII), right.value().getBytes(StandardCharsets.US_ASCII));
    }
}
