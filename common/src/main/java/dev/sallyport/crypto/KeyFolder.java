package dev.sallyport.crypto;

import com.google.crypto.tink.KeysetHandle;
import dev.sallyport.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The operator's view of a keys folder: make it, look at it, copy parts of it. Changing keys is {@link KeyRotation}. */
public final class KeyFolder {

    private final Path folder;

    public KeyFolder(Path folder) {
        this.folder = folder;
    }

    /** Names of the files that a command made; prints as one line. */
    public record Made(Path folder, List<String> files) {
        @Override
        public String toString() {
            return files.isEmpty()
                    ? "All keys are in %s already; none was touched.".formatted(folder)
                    : "Made in %s: %s".formatted(folder, String.join(", ", files));
        }
    }

    /**
     * Makes the keysets that are missing, and never touches one that is there. Files have mode 0600, the folder 0700.
     *
     * @throws KeysUnusable also in a folder that was exported for a role, where a new key would fit no other process
     */
    public Made init() {
        OwnerOnlyFiles.makeFolder(folder);
        try (FolderLock _ = FolderLock.take(folder)) {
            List<KeyFile> orphans = KeyFile.all().stream()
                    .filter(file -> file.publicHalf() && file.existsIn(folder))
                    .filter(file -> !KeyFile.secret(file.keyset()).existsIn(folder))
                    .toList();
            if (!orphans.isEmpty()) {
                throw new KeysUnusable(
                        "%s holds %s without the secret half, as keys export makes it: run keys init where all keys are."
                                .formatted(folder, KeyFile.names(orphans)));
            }
            List<String> made = new ArrayList<>();
            for (KeyFile file : KeyFile.all()) {
                if (!file.existsIn(folder)) {
                    KeysetHandle secret =
                            file.publicHalf() ? KeyFile.secret(file.keyset()).read(folder) : newKeys(file.keyset());
                    file.write(folder, file.halfOf(secret));
                    made.add(file.fileName());
                }
            }
            return new Made(folder, List.copyOf(made));
        }
    }

    /**
     * One file of the folder; prints as one line of a table.
     *
     * @param name as the file's, without {@code .json}
     * @param keys the oldest first
     * @param changed when the file was last written; Tink does not keep when a key was made
     */
    public record Listed(String name, Kind kind, List<KeyState> keys, Instant changed) {
        @Override
        public String toString() {
            String states = keys.stream().map(KeyState::toString).collect(Collectors.joining(", "));
            return "%-27s %-27s %s; changed %s".formatted(name, kind, states, changed);
        }
    }

    /**
     * The keysets that are there.
     *
     * @throws KeysUnusable when there is none, or a file is not usable
     */
    public List<Listed> list() {
        List<Listed> listed = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (KeyFile file : KeyFile.all()) {
            if (file.existsIn(folder)) {
                try {
                    List<KeyState> keys = KeyState.of(file.read(folder));
                    Instant changed = Files.getLastModifiedTime(file.in(folder)).toInstant();
                    listed.add(new Listed(file.name(), file.keyset().kind(), keys, changed));
                } catch (KeysUnusable e) {
                    problems.addAll(e.problems());
                } catch (IOException e) {
                    problems.add(file.in(folder) + " went away meanwhile: run the command again.");
                }
            }
        }
        if (listed.isEmpty() && problems.isEmpty()) {
            problems.add("There are no keys in %s. Make them with ./sallyport keys init.".formatted(folder));
        }
        if (!problems.isEmpty()) {
            throw new KeysUnusable(problems);
        }
        return List.copyOf(listed);
    }

    /**
     * Copies exactly the files that these roles need; running nodes that read {@code target} see old or new files, never
     * half ones.
     *
     * @throws KeysUnusable before anything is copied, when one is missing here, or when {@code target} holds a secret that
     *     these roles must not have
     */
    public Made export(Set<Role> roles, Path target) {
        OwnerOnlyFiles.makeFolder(target);
        List<KeyFile> foreign = KeyFile.foreignSecrets(target, roles);
        if (!foreign.isEmpty()) {
            throw new KeysUnusable("%s holds %s, which %s must not have: choose an empty folder."
                    .formatted(target, KeyFile.names(foreign), Keyring.text(roles)));
        }
        List<KeyFile> needed = KeyFile.neededBy(roles);
        requireAll(needed);
        try (FolderLock _ = FolderLock.take(folder)) {
            List<KeysetHandle> keys =
                    needed.stream().map(file -> file.read(folder)).toList();
            for (int i = 0; i < needed.size(); i++) {
                if (!holds(target, needed.get(i), keys.get(i))) {
                    needed.get(i).write(target, keys.get(i));
                }
            }
        }
        return new Made(target, needed.stream().map(KeyFile::fileName).toList());
    }

    /** Stops a command that would go wrong half way, or change a copy of the keys instead of the keys. */
    void requireAll(List<KeyFile> files) {
        List<KeyFile> missing = KeyFile.missing(folder, files);
        if (!missing.isEmpty()) {
            throw new KeysUnusable(
                    "Keys are missing in %s: %s. Run this where all keys are; ./sallyport keys init makes them."
                            .formatted(folder, KeyFile.names(missing)));
        }
    }

    private static boolean holds(Path target, KeyFile file, KeysetHandle keys) {
        try {
            return file.existsIn(target) && file.read(target).equalsKeyset(keys);
        } catch (KeysUnusable e) {
            // Damaged or open to others: written anew, which mends both.
            return false;
        }
    }

    private static KeysetHandle newKeys(Keyset keyset) {
        try {
            return KeysetHandle.generateNew(
                    keyset.kind().parameters(), keyset.kind().configuration());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't make " + keyset + " keys", e);
        }
    }
}
