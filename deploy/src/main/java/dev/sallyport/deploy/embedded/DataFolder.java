package dev.sallyport.deploy.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder of data that one server of one process holds. Held by a lock on a file in it, which the operating system
 * drops with the process, so that a crash leaves nothing to clean up. The file itself stays: removing it would let two
 * processes lock two files of one name.
 */
public final class DataFolder implements AutoCloseable {

    private static final String LOCK = "sallyport.lock";

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder where it is missing, readable by its owner only, and takes its lock.
     *
     * @throws EmbeddedFailure.FolderUnusable if it can't be made or written, or if others can write to it: the stores
     *     read back what lies there as trusted objects
     * @throws EmbeddedFailure.FolderInUse if it is held already, here or by another process
     */
    public static DataFolder open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path, ownerOnly(path, "rwx------"));
            if (isPosix(path) && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new EmbeddedFailure.FolderUnusable(path, "everyone can write there", null);
            }
            return new DataFolder(path, lock(path));
        } catch (IOException e) {
            throw new EmbeddedFailure.FolderUnusable(path, reason(e), e);
        }
    }

    /**
     * True if another process holds this folder now; makes nothing where there is none. Not to be asked by a process that
     * holds it itself: the operating system drops a lock as soon as its process closes any handle of the file.
     */
    public static boolean isHeld(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        if (Files.notExists(path.resolve(LOCK))) {
            return false;
        }
        try (FileChannel _ = lock(path)) {
            return false;
        } catch (EmbeddedFailure.FolderInUse e) {
            return true;
        } catch (IOException e) {
            throw new EmbeddedFailure.FolderUnusable(path, reason(e), e);
        }
    }

    /** The folder, absolute and normalized. */
    public Path path() {
        return path;
    }

    /** Gives the folder up; closing twice does nothing. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new EmbeddedFailure.FolderUnusable(path, reason(e), e);
        }
    }

    /** What the operating system said, without the path, which the sentence around it names. */
    static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException _ -> "it is a file";
            case NoSuchFileException _ -> "a part of its path is missing";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            case IOException other -> String.valueOf(other.getMessage());
        };
    }

    private static FileChannel lock(Path path) throws IOException {
        Path file = path.resolve(LOCK);
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly(path, "rw-------"));
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // Held by this very process: the same answer.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new EmbeddedFailure.FolderInUse(path);
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
