package dev.sallyport.crypto;

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

    private static boolean installed;

    private NativeCurves() {}

    /** Makes Tink use them from now on; where there are none for this system, says so, and Tink does the work itself. */
    static synchronized void install() {
        if (installed) {
            return;
        }
        installed = true;
        try {
            Security.addProvider(Conscrypt.newProvider());
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
            // Made here: a command says how much is logged before the first logger is made.
            LoggerFactory.getLogger(NativeCurves.class)
                    .warn(
                            "Signing and sealing take longer, because their native library can't be loaded here; see"
                                    + " that java.io.tmpdir is writable and not mounted noexec",
                            e);
        }
    }
}
