package dev.sallyport.deploy.embedded;

import dev.sallyport.ExpectedFailure;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why an embedded server does not start; every message is one sentence that says what to do. */
public abstract sealed class EmbeddedFailure extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    private EmbeddedFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Nothing can be bound to the wanted port. */
    public static final class PortTaken extends EmbeddedFailure {

        private static final long serialVersionUID = 1;

        PortTaken(String server, int port, String setting, Throwable cause) {
            super(
                    "The embedded %s can't listen on port %d of 127.0.0.1 (%s): stop what uses it, or set %s to a free port."
                            .formatted(server, port, cause.getMessage(), setting),
                    cause);
        }
    }

    /** The data folder can't be made or written. */
    public static final class FolderUnusable extends EmbeddedFailure {

        private static final long serialVersionUID = 1;

        /** @param why the reason as part of a sentence, in brackets in the message */
        FolderUnusable(Path folder, String why, @Nullable Throwable cause) {
            super(
                    "Can't keep data in %s (%s): make it a folder that this user can write, or set SALLYPORT_DATA_DIR to another one."
                            .formatted(folder, why),
                    cause);
        }
    }

    /** Another process, or another server in this one, works on the data folder. */
    public static final class FolderInUse extends EmbeddedFailure {

        private static final long serialVersionUID = 1;

        FolderInUse(Path folder) {
            super(
                    "%s is in use by another Sallyport: stop that one, or set SALLYPORT_DATA_DIR to another folder."
                            .formatted(folder),
                    null);
        }
    }

    /** The data folder is that of another broker. */
    public static final class DataOfAnother extends EmbeddedFailure {

        private static final long serialVersionUID = 1;

        /** @param owner whose it is, as part of a sentence */
        DataOfAnother(Path folder, String owner) {
            super(
                    "The data in %s is that of %s: start that one on it, or set SALLYPORT_DATA_DIR to another folder."
                            .formatted(folder, owner),
                    null);
        }
    }

    /** The data folder holds something that this version can't read. */
    public static final class DataUnreadable extends EmbeddedFailure {

        private static final long serialVersionUID = 1;

        DataUnreadable(Path folder, Throwable cause) {
            super(
                    "The data in %s is damaged or of a newer Sallyport: start the version that wrote it, or move the folder away to begin anew."
                            .formatted(folder),
                    cause);
        }
    }

    /** The server was still not up after the longest time that a start may take. */
    public static final class TooSlow extends EmbeddedFailure {

        private static final long serialVersionUID = 1;

        TooSlow(String server, Duration limit) {
            super(
                    "The embedded %s was not ready after %d seconds: start again when the machine is less busy."
                            .formatted(server, limit.toSeconds()),
                    null);
        }
    }
}
