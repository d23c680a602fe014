package dev.sallyport.password;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The list that comes with the platform; its README says where it is from. Kept as the sorted first {@value #WIDTH}
 * bytes of the SHA-256 of each folded password, in the file as in memory: nothing to parse, 4 MB, and about one good
 * password in a million is refused by chance.
 *
 * <p>Read at first use, which takes tens of milliseconds; {@link #size} is a way to do that early.
 */
public final class BundledPasswords implements BreachedPasswords {

    static final int WIDTH = 5;

    private static final class Loaded {
        static final byte[] SORTED = read();
    }

    @Override
    public boolean contains(Password password) {
        byte[] key = key(password);
        byte[] sorted = Loaded.SORTED;
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int at = middle * WIDTH;
            int order = Arrays.compareUnsigned(sorted, at, at + WIDTH, key, 0, WIDTH);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return false;
    }

    /** How many passwords the list holds. */
    public int size() {
        return Loaded.SORTED.length / WIDTH;
    }

    static byte[] key(Password password) {
        byte[] text = password.folded().getBytes(StandardCharsets.UTF_8);
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(text), WIDTH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static byte[] read() {
        try (InputStream list = BundledPasswords.class.getResourceAsStream("breached-passwords.bin")) {
            if (list == null) {
                throw new IllegalStateException(
                        "The list of breached passwords is missing from the program; install it again.");
            }
            return list.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
