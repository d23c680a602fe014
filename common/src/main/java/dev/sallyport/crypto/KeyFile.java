package dev.sallyport.crypto;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PrivateKey;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import dev.sallyport.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One file of a keys folder, in Tink's JSON form: a keyset, or the public half of one. */
record KeyFile(Keyset keyset, boolean publicHalf) {

    static KeyFile secret(Keyset keyset) {
        return new KeyFile(keyset, false);
    }

    static KeyFile publicHalf(Keyset keyset) {
        return new KeyFile(keyset, true);
    }

    static List<KeyFile> all() {
        List<KeyFile> files = new ArrayList<>();
        for (Keyset keyset : Keyset.values()) {
            files.add(secret(keyset));
            if (keyset.kind().isPair()) {
                files.add(publicHalf(keyset));
            }
        }
        return files;
    }

    static List<KeyFile> neededBy(Set<Role> roles) {
        return all().stream().filter(file -> file.isHeldBy(roles)).toList();
    }

    static List<KeyFile> missing(Path folder, List<KeyFile> files) {
        return files.stream().filter(file -> !file.existsIn(folder)).toList();
    }

    /** Secrets in the folder that none of the roles may hold. A public half harms nobody. */
    static List<KeyFile> foreignSecrets(Path folder, Set<Role> roles) {
        return all().stream()
                .filter(file -> !file.publicHalf && !file.isHeldBy(roles) && file.existsIn(folder))
                .toList();
    }

    static String names(List<KeyFile> files) {
        return files.stream().map(KeyFile::fileName).collect(Collectors.joining(", "));
    }

    private boolean isHeldBy(Set<Role> roles) {
        return keyset.holders(publicHalf).stream().anyMatch(roles::contains);
    }

    /** {@code sealing}, {@code sealing.public} */
    String name() {
        return keyset + (publicHalf ? ".public" : "");
    }

    String fileName() {
        return name() + ".json";
    }

    Path in(Path folder) {
        return folder.resolve(fileName());
    }

    boolean existsIn(Path folder) {
        return Files.exists(in(folder));
    }

    /** What belongs into this file of a keyset with its secrets. */
    KeysetHandle halfOf(KeysetHandle secret) {
        try {
            return publicHalf ? secret.getPublicKeysetHandle() : secret;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A key pair without a public half", e);
        }
    }

    KeysetHandle read(Path folder) {
        String json = OwnerOnlyFiles.read(in(folder), !publicHalf);
        try {
            KeysetHandle keys = publicHalf
                    ? TinkJsonProtoKeysetFormat.parseKeysetWithoutSecret(json, configuration())
                    : TinkJsonProtoKeysetFormat.parseKeyset(json, configuration(), InsecureSecretKeyAccess.get());
            for (int i = 0; i < keys.size(); i++) {
                if (!fits(keys.getAt(i).getKey())) {
                    throw new GeneralSecurityException("another kind of key");
                }
            }
            return keys;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw damaged(folder);
        }
    }

    private boolean fits(Key key) {
        boolean isRightHalf = !keyset.kind().isPair() || key instanceof PrivateKey != publicHalf;
        return isRightHalf && key.getParameters().equals(keyset.kind().parameters());
    }

    /** Tells nothing of the content, and nothing of the parser's message, which may quote it. */
    KeysUnusable damaged(Path folder) {
        return new KeysUnusable("%s is not a whole %s keyset (%s): restore it from where the keys were made."
                .formatted(in(folder), name(), keyset.kind()));
    }

    void write(Path folder, KeysetHandle keys) {
        try {
            String json = publicHalf
                    ? TinkJsonProtoKeysetFormat.serializeKeysetWithoutSecret(keys, configuration())
                    : TinkJsonProtoKeysetFormat.serializeKeyset(keys, configuration(), InsecureSecretKeyAccess.get());
            OwnerOnlyFiles.replace(in(folder), json);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't write a keyset that it has made", e);
        }
    }

    Object primitive(KeysetHandle keys) throws GeneralSecurityException {
        return keys.getPrimitive(configuration(), keyset.kind().primitive(publicHalf));
    }

    private Configuration configuration() {
        return keyset.kind().configuration();
    }
}
