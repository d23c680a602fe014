package dev.sallyport.crypto;

import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import dev.sallyport.crypto.KeyState.Use;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Replaces keys in steps between which every node rereads its files, so that none ever meets a key that it does not
 * know: add a key that only reads, promote it, retire the old ones.
 */
public final class KeyRotation {

    /** How long every node that reads the same folder needs to know a new key. */
    public static final Duration SETTLE = Keyring.REREAD_EVERY.multipliedBy(2);

    /** One step. Where folders are copied around, each step is copied to all nodes before the next. */
    public enum Stage {
        /** A new key that reads and does not write. Where one is waiting already, that one stays. */
        ADD("When all nodes have reread their keys, promote it."),
        /** The waiting key makes all new things from now on; the old ones still read. */
        PROMOTE("The old keys still read."),
        /** Old keys read nothing any more, but stay in the file. */
        RETIRE("Undo it with --stage restore; when nobody misses the old keys, --stage destroy deletes them."),
        /** Undoes {@link #RETIRE}. */
        RESTORE("The old keys read again."),
        /** Deletes retired keys for good. */
        DESTROY("The retired keys are gone for good, also for backups of what they encrypted.");

        private final String next;

        Stage(String next) {
            this.next = next;
        }

        /**
         * Reads the form that {@link #toString} gives.
         *
         * @throws IllegalArgumentException with the list of stages, when {@code text} is none of them
         */
        public static Stage of(String text) {
            for (Stage stage : values()) {
                if (stage.toString().equals(text)) {
                    return stage;
                }
            }
            String known = Arrays.stream(values()).map(Stage::toString).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("There is no stage \"%s\"; choose from: %s.".formatted(text, known));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a keyset holds after a stage; prints as a sentence for each key and what to do next. */
    public record Change(Keyset keyset, Stage stage, List<KeyState> keys) {
        @Override
        public String toString() {
            String states = keys.stream().map(KeyState::toString).collect(Collectors.joining(", "));
            String next = stage == Stage.PROMOTE ? stage.next + " " + keyset.retirement() : stage.next;
            return "%s: %s. %s".formatted(keyset, states, next);
        }
    }

    private final Path folder;

    public KeyRotation(Path folder) {
        this.folder = folder;
    }

    /**
     * Adds a key and promotes it, for nodes that read this very folder. Stopped in between, it has done no harm, and the
     * next call goes on with the same key.
     *
     * @param settle {@link #SETTLE} while nodes run
     */
    public Change rotate(Keyset keyset, Duration settle) throws InterruptedException {
        run(keyset, Stage.ADD);
        Thread.sleep(settle);
        return run(keyset, Stage.PROMOTE);
    }

    /**
     * Takes one step, on the secret and on the public half, in the folder that holds all keys.
     *
     * @throws KeysUnusable when there is no key to which this stage applies, or the files can't be read or written
     */
    public Change run(Keyset keyset, Stage stage) {
        new KeyFolder(folder).requireAll(KeyFile.all());
        try (FolderLock _ = FolderLock.take(folder)) {
            KeysetHandle before = KeyFile.secret(keyset).read(folder);
            KeysetHandle after = change(before, keyset, stage);
            for (KeyFile file : writeOrder(keyset)) {
                file.write(folder, file.halfOf(after));
            }
            return new Change(keyset, stage, KeyState.of(after));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't change " + keyset, e);
        }
    }

    private static KeysetHandle change(KeysetHandle before, Keyset keyset, Stage stage)
            throws GeneralSecurityException {
        KeysetHandle.Builder keys =
                KeysetHandle.newBuilder(before).setConfiguration(keyset.kind().configuration());
        List<KeyState> states = KeyState.of(before);
        switch (stage) {
            case ADD -> {
                if (places(states, Use.WAITING).isEmpty()) {
                    keys.addEntry(KeysetHandle.generateEntryFromParameters(
                                    keyset.kind().parameters())
                            .withRandomId());
                }
            }
            case PROMOTE ->
                keys.getAt(some(states, Use.WAITING, keyset).getLast()).makePrimary();
            case RETIRE ->
                some(states, Use.OLD, keyset).forEach(i -> keys.getAt(i).setStatus(KeyStatus.DISABLED));
            case RESTORE ->
                some(states, Use.RETIRED, keyset).forEach(i -> keys.getAt(i).setStatus(KeyStatus.ENABLED));
            case DESTROY -> some(states, Use.RETIRED, keyset).reversed().forEach(keys::deleteAt);
        }
        return keys.build();
    }

    /**
     * What reads must know a key before what writes uses it: the opening half of a seal first, the verifying half of a
     * signature first.
     */
    private static List<KeyFile> writeOrder(Keyset keyset) {
        return switch (keyset.kind()) {
            case AEAD, MAC, PRF -> List.of(KeyFile.secret(keyset));
            case HYBRID -> List.of(KeyFile.secret(keyset), KeyFile.publicHalf(keyset));
            case SIGNATURE, TOKEN -> List.of(KeyFile.publicHalf(keyset), KeyFile.secret(keyset));
        };
    }

    private static List<Integer> some(List<KeyState> states, Use use, Keyset keyset) {
        List<Integer> places = places(states, use);
        if (places.isEmpty()) {
            throw new KeysUnusable("No key of %s is %s; ./sallyport keys list shows what there is."
                    .formatted(keyset, use.name().toLowerCase(Locale.ROOT)));
        }
        return places;
    }

    private static List<Integer> places(List<KeyState> states, Use use) {
        return IntStream.range(0, states.size())
                .filter(i -> states.get(i).use() == use)
                .boxed()
                .toList();
    }
}
