package dev.sallyport.crypto;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys that the roles of this process need, read from a folder and reread when its files change. The classes of
 * this package take it in their constructors and follow it; they are safe for all threads and never wait for a reread.
 */
public final class Keyring {

    /** How often the owner calls {@link #reload()}; rotation waits for twice this time. */
    public static final Duration REREAD_EVERY = Duration.ofSeconds(5);

    private final Set<Role> roles;
    private final Map<KeyFile, LiveKeyset> keysets;

    private Keyring(Set<Role> roles, Map<KeyFile, LiveKeyset> keysets) {
        this.roles = roles;
        this.keysets = keysets;
    }

    /**
     * Reads exactly the files of these roles.
     *
     * @throws KeysUnusable with every problem at once: files that are missing, open to others or damaged, and secrets
     *     that these roles must never hold
     */
    public static Keyring open(Path folder, Set<Role> roles) {
        List<String> problems = new ArrayList<>();
        String export = "./sallyport keys export " + text(roles) + " --to ";
        List<KeyFile> foreign = KeyFile.foreignSecrets(folder, roles);
        if (!foreign.isEmpty()) {
            problems.add("%s must not hold %s, found in %s: give it a folder of its own with %sDIR."
                    .formatted(text(roles), KeyFile.names(foreign), folder, export));
        }
        Map<KeyFile, LiveKeyset> keysets = new HashMap<>();
        List<KeyFile> needed = KeyFile.neededBy(roles);
        List<KeyFile> missing = KeyFile.missing(folder, needed);
        for (KeyFile file : needed) {
            try {
                if (!missing.contains(file)) {
                    keysets.put(file, new LiveKeyset(folder, file));
                }
            } catch (KeysUnusable e) {
                problems.addAll(e.problems());
            }
        }
        if (!missing.isEmpty()) {
            problems.add("Keys are missing in %s: %s. Make them with ./sallyport keys init, or copy them with %s%s."
                    .formatted(folder, KeyFile.names(missing), export, folder));
        }
        if (!problems.isEmpty()) {
            throw new KeysUnusable(problems);
        }
        return new Keyring(Set.copyOf(roles), Map.copyOf(keysets));
    }

    /**
     * Reads the secret of one keyset and no other, whatever else is in the folder: for operators' commands, which also
     * run where all keys lie.
     *
     * @throws KeysUnusable if the file is missing, open to others or damaged
     */
    public static Keyring openOnly(Path folder, Keyset keyset) {
        KeyFile file = KeyFile.secret(keyset);
        if (!file.existsIn(folder)) {
            throw new KeysUnusable("%s is missing in %s: copy it from where the platform's keys are."
                    .formatted(file.fileName(), folder));
        }
        return new Keyring(Set.of(), Map.of(file, new LiveKeyset(folder, file)));
    }

    /**
     * What a reread found.
     *
     * @param reread names of the keysets whose new keys are in force now
     * @param problems sentences about files that are not usable; their old keys stay in force, and each problem is told
     *     once
     */
    public record Reload(List<String> reread, List<String> problems) {}

    /** Rereads the files that have changed. It waits for the disk, so call it on a worker thread. */
    public synchronized Reload reload() {
        List<String> reread = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (LiveKeyset keyset : keysets.values()) {
            try {
                if (keyset.reread()) {
                    reread.add(keyset.name());
                }
            } catch (KeysUnusable e) {
                problems.add(e.getMessage() + " The keys read before stay in force.");
            }
        }
        reread.sort(null);
        return new Reload(List.copyOf(reread), List.copyOf(problems));
    }

    /** @throws IllegalStateException when no role of this process may hold that keyset: a mistake in the wiring */
    LiveKeyset get(KeyFile file) {
        LiveKeyset keyset = keysets.get(file);
        if (keyset == null) {
            throw new IllegalStateException(
                    "A process with the roles %s holds no %s keys".formatted(roles, file.name()));
        }
        return keyset;
    }

    static String text(Set<Role> roles) {
        return roles.stream().sorted().map(Role::toString).collect(Collectors.joining(","));
    }

    /** Names only. */
    @Override
    public String toString() {
        return "Keyring"
                + keysets.values().stream().map(LiveKeyset::name).sorted().toList();
    }
}
