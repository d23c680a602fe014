package dev.sallyport.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Reads and writes files that only their owner may read. What goes wrong is told by path and reason, never content. */
final class OwnerOnlyFiles {

    static final FileAttribute<?> FILE_MODE = PosixFilePermissions.asFileAttribute(mode("rw-------"));

    private static final FileAttribute<?> FOLDER_MODE = PosixFilePermissions.asFileAttribute(mode("rwx------"));
    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS = mode("----w--w-");
    private static final Set<PosixFilePermission> ANY_ACCESS_OF_OTHERS = mode("---rwxrwx");
    private static final Set<PosixFilePermission> GROUP_READ = mode("---r-----");

    private OwnerOnlyFiles() {}

    /** Makes the folder (mode 0700) unless it is there; who can write to it can replace keys, so that is refused. */
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder, FOLDER_MODE);
            if (overlap(Files.getPosixFilePermissions(folder), WRITABLE_BY_OTHERS)) {
                throw new KeysUnusable("Others can write to %s: chmod 700 %s".formatted(folder, folder));
            }
        } catch (FileAlreadyExistsException e) {
            throw new KeysUnusable(folder + " is a file, and keys need a folder: choose another path.");
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /** @param secret false for a public half, which anyone may read but nobody else may change */
    static String read(Path file, boolean secret) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            Set<PosixFilePermission> forbidden = EnumSet.copyOf(secret ? ANY_ACCESS_OF_OTHERS : WRITABLE_BY_OTHERS);
            if (overlap(permissions, GROUP_READ) && isMounted(file)) {
                forbidden.removeAll(GROUP_READ);
            }
            if (overlap(permissions, forbidden)) {
                throw new KeysUnusable("%s is open to others (%s): chmod 600 %s"
                        .formatted(file, PosixFilePermissions.toString(permissions), file));
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new KeysUnusable("%s can't be read (%s): it must be there and readable for the user of this process."
                    .formatted(file, e.getClass().getSimpleName()));
        }
    }

    /**
     * A reader sees the old content or the new, and a crash leaves one of them. The modification time always grows,
     * so that a reader that compares it misses no change, however fast two follow each other.
     */
    static void replace(Path file, String content) {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            try (FileChannel channel = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.ISO_8859_1));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (Files.exists(file)) {
                FileTime before = Files.getLastModifiedTime(file);
                if (Files.getLastModifiedTime(fresh).compareTo(before) <= 0) {
                    Files.setLastModifiedTime(fresh, FileTime.fromMillis(before.toMillis() + 2));
                }
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    static KeysUnusable unwritable(Path path, IOException e) {
        return new KeysUnusable(
                "%s can't be written (%s): give it space and a folder of the user of this command, then run it again."
                        .formatted(path, e.getClass().getSimpleName()));
    }

    /**
     * A secret that the system mounts for a service belongs to root and reaches the service by its group (Kubernetes
     * with fsGroup can't do otherwise), so there the group may read. To root itself nothing is mounted that way.
     */
    private static boolean isMounted(Path file) throws IOException {
        return mountedByRoot(
                (Integer) Files.getAttribute(file, "unix:uid"),
                ProcessHandle.current().info().user().orElse(""));
    }

    static boolean mountedByRoot(int ownerId, String userOfProcess) {
        return ownerId == 0 && !userOfProcess.equals("root");
    }

    private static boolean overlap(Set<PosixFilePermission> one, Set<PosixFilePermission> other) {
        return one.stream().anyMatch(other::contains);
    }

    private static Set<PosixFilePermission> mode(String text) {
        return PosixFilePermissions.fromString(text);
    }
}
