package dev.sallyport.password;

import dev.sallyport.ExpectedFailure;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The operator's file of breached passwords can't be used; the message says which file, why, and what to do. */
public final class UnusablePwnedPasswordsFile extends ExpectedFailure {

    UnusablePwnedPasswordsFile(Path path, String why, @Nullable Throwable cause) {
        super(
                "The file of breached passwords " + path + " " + why
                        + ". Set SALLYPORT_PASSWORD_BREACHED_FILE to a file of"
                        + " Have I Been Pwned's format (SHA-1, ordered by hash), or leave it out.",
                cause);
    }
}
