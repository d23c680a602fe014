package dev.sallyport.crypto;

import com.google.crypto.tink.Configuration;
import java.security.Security;
import org.conscrypt.Conscrypt;
import org.slf4j.LoggerFactory;

/**
 * Curve25519 in native code. Tink signs, verifies, seals and opens with Conscrypt where that is among Java's providers, and
 * with Java of its own elsewhere, which takes several times as long. It is the last of the providers, so whatever else asks
 * for an algorithm, TLS first of all, gets what it would get without.
 *
 * <p>Its library is unpacked to {@code java.io.tmpdir} and deleted once it is loaded.
 */
final class NativeCurves {

    // Once, and only in a process that uses such keys. Whoever says how much is logged does so before the first logger
    // is made.
    static {
        try {
            Security.addProvider(Conscrypt.newProvider());
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
            LoggerFactory.getLogger(NativeCurves.class)
                    .warn(
                            "Signing and sealing take longer, because their native library can't be loaded here; see"
                                    + " that java.io.tmpdir is writable and not mounted noexec",
                            e);
        }
    }

    private NativeCurves() {}

    /** The same table, for keys on these curves; where there is no native code for this system Tink does all by itself. */
    static Configuration with(Configuration table) {
        return table;
    }
}
