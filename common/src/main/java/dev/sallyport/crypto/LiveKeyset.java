package dev.sallyport.crypto;

import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of one file as this process last read them whole. Uses never wait for a reread. */
final class LiveKeyset {

    /** Tink begins what its keys make with this byte and the key's id. */
    private static final byte PREFIX = 1;

    private static final int PREFIX_BYTES = 5;

    /**
     * The keys in force.
     *
     * @param primitive of the class that {@link Kind#primitive} names
     * @param ids of all that may be used
     */
    private record Keys(KeysetHandle handle, Object primitive, int primaryId, Set<Integer> ids) {}

    private record Stamp(FileTime modified, long size) {}

    private final Path folder;
    private final KeyFile file;
    private volatile Keys keys;
    private @Nullable Stamp lastRead;
    private List<String> lastProblems = List.of();

    LiveKeyset(Path folder, KeyFile file) {
        this.folder = folder;
        this.file = file;
        this.lastRead = stamp();
        this.keys = load();
    }

    <P> P primitive(Class<P> type) {
        return type.cast(keys.primitive());
    }

    /** The keys themselves, of a public half. */
    KeysetHandle publicKeys() {
        if (!file.publicHalf()) {
            throw new IllegalStateException(file.name() + " is no public half");
        }
        return keys.handle();
    }

    int primaryId() {
        return keys.primaryId();
    }

    /** False if what was made names a key that is not here, or not any more: other keys may accept it. */
    boolean hasKeyOf(byte[] made) {
        return made.length < PREFIX_BYTES
                || made[0] != PREFIX
                || keys.ids()
                        .contains(ByteBuffer.wrap(made, 1, PREFIX_BYTES - 1).getInt());
    }

    String name() {
        return file.name();
    }

    /**
     * One caller at a time.
     *
     * @return whether other keys are in force now
     * @throws KeysUnusable when the file is not usable now; thrown once for each problem, tried again each time
     */
    boolean reread() {
        // Taken before the content is read: a change in between is then seen the next time.
        Stamp now = stamp();
        if (now != null && now.equals(lastRead)) {
            return false;
        }
        try {
            keys = load();
            lastRead = now;
            lastProblems = List.of();
            return true;
        } catch (KeysUnusable e) {
            if (e.problems().equals(lastProblems)) {
                return false;
            }
            lastProblems = e.problems();
            throw e;
        }
    }

    private Keys load() {
        KeysetHandle handle = file.read(folder);
        try {
            return new Keys(handle, file.primitive(handle), handle.getPrimary().getId(), usable(handle));
        } catch (GeneralSecurityException e) {
            throw file.damaged(folder);
        }
    }

    private static Set<Integer> usable(KeysetHandle handle) {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < handle.size(); i++) {
            if (handle.getAt(i).getStatus() == KeyStatus.ENABLED) {
                ids.add(handle.getAt(i).getId());
            }
        }
        return ids;
    }

    private @Nullable Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.in(folder), BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return null;
        }
    }
}
