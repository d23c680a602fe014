package dev.sallyport.password.sodium;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import dev.sallyport.password.HashingOverloaded;
import dev.sallyport.password.Password;
import dev.sallyport.password.PasswordHasher;
import dev.sallyport.password.StoredHash;
import dev.sallyport.password.Verification;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Hashes with libsodium on a pool of its own, as many threads as cores. In flight is at most what the threads work on
 * plus what they hash in one second, measured when this is made; an imported bcrypt hash counts as the many Argon2id
 * hashes that it costs.
 *
 * <p>Call from a Vert.x virtual thread or from a thread that is not Vert.x's; event loops and workers are refused.
 */
public final class SodiumPasswordHasher implements PasswordHasher {

    private static final String POOL = "sallyport-hashing";
    private static final int BCRYPT_BYTES = 72;
    private static final int TRIALS = 3;

    private final Sodium sodium;
    private final BoundedWorkers workers;
    private final String nobody;
    private final Duration hashTime;

    /** Blocks for some 0.1 s: loads the native library, makes nobody's hash and measures. */
    public SodiumPasswordHasher(Vertx vertx, SecureRandom random) {
        this.sodium = Sodium.load();
        byte[] unknown = new byte[32];
        random.nextBytes(unknown);
        this.nobody = sodium.hash(unknown);
        this.hashTime = fastestOf(TRIALS, unknown);
        int threads = Runtime.getRuntime().availableProcessors();
        this.workers = new BoundedWorkers(vertx, POOL, threads, threads + perSecond(threads));
    }

    @Override
    public void requireRoom() {
        workers.requireRoom();
    }

    @Override
    public String hash(Password password) {
        return workers.run(1, () -> {
            byte[] secret = password.nfc();
            try {
                return sodium.hash(secret);
            } finally {
                wipe(secret);
            }
        });
    }

    @Override
    public Verification verify(Password password, String storedHash) {
        Optional<StoredHash> shape = StoredHash.parse(storedHash);
        if (shape.isEmpty()) {
            return verifyNobody(password);
        }
        return switch (shape.get()) {
            case StoredHash.Argon2id argon2id ->
                workers.run(weight(argon2id), () -> {
                    long start = System.nanoTime();
                    boolean matches = argon2id(password, storedHash);
                    return verification(matches, !argon2id.equals(StoredHash.CURRENT), start);
                });
            case StoredHash.Bcrypt bcrypt ->
                workers.run(weight(bcrypt), () -> {
                    long start = System.nanoTime();
                    return verification(bcrypt(password, storedHash), true, start);
                });
        };
    }

    @Override
    public Verification verifyNobody(Password password) {
        return workers.run(1, () -> {
            long start = System.nanoTime();
            argon2id(password, nobody);
            return verification(false, false, start);
        });
    }

    /** Refuses new work with {@link HashingOverloaded} and blocks until what was accepted is done, 10 s at most. */
    public void stop() {
        workers.stop();
    }

    /** How long one hash took at the start, on one thread of the then idle process. */
    public Duration hashTime() {
        return hashTime;
    }

    private boolean argon2id(Password password, String storedHash) {
        byte[] secret = password.nfc();
        try {
            return sodium.verify(storedHash, secret);
        } finally {
            wipe(secret);
        }
    }

    /** Cut to 72 bytes here and not by the library, which would leave its copy behind. */
    private static boolean bcrypt(Password password, String storedHash) {
        byte[] typed = password.asTyped();
        byte[] seen = Arrays.copyOf(typed, Math.min(typed.length, BCRYPT_BYTES));
        try {
            return BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.none())
                    .verify(seen, storedHash.getBytes(StandardCharsets.US_ASCII))
                    .verified;
        } finally {
            wipe(typed);
            wipe(seen);
        }
    }

    private static Verification verification(boolean matches, boolean otherScheme, long start) {
        return new Verification(matches, matches && otherScheme, Duration.ofNanos(System.nanoTime() - start));
    }

    private static int weight(StoredHash.Argon2id hash) {
        long current = (long) StoredHash.CURRENT.memoryKib() * StoredHash.CURRENT.passes();
        return (int) Math.max(1, (long) hash.memoryKib() * hash.passes() / current);
    }

    /** A bcrypt of cost 8 takes about as long as one of our Argon2id hashes, and each step doubles it. */
    private static int weight(StoredHash.Bcrypt hash) {
        return 1 << Math.max(0, hash.cost() - 8);
    }

    private int perSecond(int threads) {
        return (int) (threads * Duration.ofSeconds(1).toNanos() / hashTime.toNanos());
    }

    private Duration fastestOf(int trials, byte[] password) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < trials; i++) {
            long start = System.nanoTime();
            sodium.verify(nobody, password);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return Duration.ofNanos(fastest);
    }

    private static void wipe(byte[] secret) {
        Arrays.fill(secret, (byte) 0);
    }
}
