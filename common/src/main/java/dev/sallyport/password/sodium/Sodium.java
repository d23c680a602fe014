package dev.sallyport.password.sodium;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.goterl.lazysodium.SodiumJava;
import dev.sallyport.password.StoredHash;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * libsodium's Argon2id, from the library that the lazysodium jar carries. It is called directly and not through
 * lazysodium's own classes: their loader unpacks the whole jar that it sits in, which would be all of ours, into the
 * temporary folder, and JNA leaves copies of the password in native memory.
 *
 * <p>The library is copied to a file in {@code java.io.tmpdir}, readable by this user alone, loaded and deleted at once
 * (on Windows at the end of the process). That folder must be writable and not mounted {@code noexec}.
 */
final class Sodium {

    /** The longest PHC string that libsodium writes, with the zero byte at its end (crypto_pwhash_STRBYTES). */
    private static final int STRING_BYTES = 128;

    /** The same number on Linux, macOS and Windows. */
    private static final int ENOMEM = 12;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle hash;
    private final MethodHandle verify;

    private Sodium(SymbolLookup library) throws Throwable {
        // sodium_init picks the fastest code for this processor; 0 is done, 1 was done before.
        int started = (int) function(library, "sodium_init", FunctionDescriptor.of(JAVA_INT))
                .invokeExact();
        if (started < 0) {
            throw new IllegalStateException("libsodium refused to start on this processor.");
        }
        hash = function(
                library,
                "crypto_pwhash_str",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        verify = function(
                library,
                "crypto_pwhash_str_verify",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    /**
     * Takes some tens of milliseconds.
     *
     * @throws IllegalStateException when there is no library for this machine or it can't be loaded
     */
    @SuppressWarnings("restricted")
    static Sodium load() {
        try {
            Path copy = Files.createTempFile("sallyport-libsodium-", ".lib");
            try (InputStream bundled = SodiumJava.class.getResourceAsStream(resource())) {
                if (bundled == null) {
                    throw new IllegalStateException("There is no libsodium for this machine in the program ("
                            + resource() + "). Run on 64-bit Linux, macOS or Windows.");
                }
                Files.copy(bundled, copy, StandardCopyOption.REPLACE_EXISTING);
                return new Sodium(SymbolLookup.libraryLookup(copy, Arena.global()));
            } finally {
                discard(copy);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "libsodium could not be loaded from the temporary folder " + System.getProperty("java.io.tmpdir")
                            + ". Make it writable and allow execution there (no noexec mount),"
                            + " or name another one with -Djava.io.tmpdir.",
                    e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libsodium could not be started.", e);
        }
    }

    /**
     * Gives a PHC string; libsodium draws the salt from the system's random numbers.
     *
     * @throws IllegalStateException when there is no memory for it
     */
    String hash(byte[] password) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(STRING_BYTES);
            MemorySegment secret = copy(arena, password);
            try {
                int result = (int) hash.invokeExact(
                        text,
                        secret,
                        (long) password.length,
                        (long) StoredHash.CURRENT.passes(),
                        StoredHash.CURRENT.memoryKib() * 1024L);
                if (result != 0) {
                    throw noMemory();
                }
                return text.getString(0, StandardCharsets.US_ASCII);
            } finally {
                secret.fill((byte) 0);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Compares in constant time.
     *
     * @param phc checked before: libsodium gives the same answer for a string that it can't read as for a wrong password
     * @throws IllegalStateException when there is no memory for it, which must not count as a wrong password
     */
    boolean verify(String phc, byte[] password) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment text = arena.allocateFrom(phc, StandardCharsets.US_ASCII);
            MemorySegment secret = copy(arena, password);
            try {
                int result = (int) verify.invokeExact(state, text, secret, (long) password.length);
                if (result != 0 && (int) ERRNO.get(state, 0L) == ENOMEM) {
                    throw noMemory();
                }
                return result == 0;
            } finally {
                secret.fill((byte) 0);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** One byte more, because an empty password needs an address too. */
    private static MemorySegment copy(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static IllegalStateException noMemory() {
        return new IllegalStateException(
                "Argon2id got no memory. Give this process room for 19 MiB per core outside of the Java heap.");
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            SymbolLookup library, String name, FunctionDescriptor shape, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), shape, options);
    }

    private static String resource() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (system.startsWith("linux")) {
            return arm ? "/arm64/libsodium.so" : "/linux64/libsodium.so";
        }
        if (system.startsWith("mac")) {
            return arm ? "/mac_arm/libsodium.dylib" : "/mac/libsodium.dylib";
        }
        return "/windows64/libsodium.dll";
    }

    private static void discard(Path copy) {
        try {
            Files.delete(copy);
        } catch (IOException e) {
            copy.toFile().deleteOnExit();
        }
    }
}
