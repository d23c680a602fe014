package dev.sallyport.crypto;

import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The public keys of the audit sealers, as they are now. */
public final class NoteKeys {

    private static final String NAME = "sallyport-audit";

    private final LiveKeyset keys;

    public NoteKeys(Keyring keyring) {
        this.keys = keyring.get(KeyFile.publicHalf(Keyset.AUDIT_SEAL));
    }

    /**
     * Those in a folder of keys, for operators' commands.
     *
     * @throws KeysUnusable if the file is missing or damaged
     */
    public static List<NoteKey> in(Path folder) {
        KeyFile file = KeyFile.publicHalf(Keyset.AUDIT_SEAL);
        if (!file.existsIn(folder)) {
            throw new KeysUnusable("%s is missing in %s: name the public keys with --key, or copy it from where the"
                            .formatted(file.fileName(), folder)
                    + " platform's keys are.");
        }
        return list(file.read(folder));
    }

    /** The oldest first, without retired ones. */
    public List<NoteKey> list() {
        return list(keys.publicKeys());
    }

    private static List<NoteKey> list(KeysetHandle handle) {
        List<NoteKey> list = new ArrayList<>();
        for (int i = 0; i < handle.size(); i++) {
            if (handle.getAt(i).getStatus() == KeyStatus.ENABLED) {
                list.add(NoteKey.of(NAME, (Ed25519PublicKey) handle.getAt(i).getKey()));
            }
        }
        return List.copyOf(list);
    }
}
