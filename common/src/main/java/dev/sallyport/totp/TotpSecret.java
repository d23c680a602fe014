package dev.sallyport.totp;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** What the platform and one authenticator app share. It does not print, and is encrypted at rest. */
public final class TotpSecret {

    /** The least of what other systems hand out: 16 characters of base32. RFC 4226 asks for 16 bytes of new secrets. */
    public static final int SHORTEST = 10;

    /** The block of SHA-1; more would only be hashed down. */
    public static final int LONGEST = 64;

    /** As long as the output of the HMAC, as RFC 4226, section 4, recommends. */
    private static final int GENERATED = 20;

    private final byte[] bytes;

    private TotpSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static TotpSecret random(SecureRandom random) {
        byte[] bytes = new byte[GENERATED];
        random.nextBytes(bytes);
        return new TotpSecret(bytes);
    }

    /**
     * From where it is stored.
     *
     * @param bytes as {@link #bytes} gave them; copied
     * @throws IllegalArgumentException outside {@value #SHORTEST} to {@value #LONGEST} bytes
     */
    public static TotpSecret of(byte[] bytes) {
        if (!fits(bytes)) {
            throw new IllegalArgumentException("A TOTP secret has " + SHORTEST + " to " + LONGEST
                    + " bytes; this one can't be used, bind the app again.");
        }
        return new TotpSecret(bytes.clone());
    }

    /**
     * Reads the text form, as other systems store it and people copy it: upper or lower case, with or without spaces,
     * hyphens and padding.
     *
     * @return empty when it isn't base32 of {@value #SHORTEST} to {@value #LONGEST} bytes
     */
    public static Optional<TotpSecret> parse(String base32) {
        return Base32.decode(base32).filter(TotpSecret::fits).map(TotpSecret::new);
    }

    /** A fresh copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** For typing into an app: upper case, no padding, no spaces. */
    public String base32() {
        return Base32.encode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TotpSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "TotpSecret[•••]";
    }

    private static boolean fits(byte[] bytes) {
        return bytes.length >= SHORTEST && bytes.length <= LONGEST;
    }
}
