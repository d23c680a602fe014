package dev.sallyport.seal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A SHA-256 hash. */
public record Hash(byte[] bytes) {

    public static final int BYTES = 32;

    public Hash {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes");
        }
    }

    /**
     * Reads the form that {@link #toString} gives.
     *
     * @throws IllegalArgumentException if it is not exactly that
     */
    public static Hash parse(String base64) {
        Hash hash = new Hash(Base64.getDecoder().decode(base64));
        if (!hash.toString().equals(base64)) {
            throw new IllegalArgumentException("another spelling of a hash");
        }
        return hash;
    }

    /** Hashes one after the other, as {@link #join} puts them; none if that can't be. */
    public static List<Hash> split(byte[] joined) {
        if (joined.length % BYTES != 0) {
            return List.of();
        }
        List<Hash> hashes = new ArrayList<>(joined.length / BYTES);
        for (int i = 0; i < joined.length; i += BYTES) {
            hashes.add(new Hash(Arrays.copyOfRange(joined, i, i + BYTES)));
        }
        return hashes;
    }

    public static byte[] join(List<Hash> hashes) {
        ByteBuffer joined = ByteBuffer.allocate(hashes.size() * BYTES);
        hashes.forEach(hash -> joined.put(hash.bytes));
        return joined.array();
    }

    /** The hash of several parts, one after the other. */
    static Hash of(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Hash(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(hash.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Base64. */
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
