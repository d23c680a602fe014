package dev.sallyport.crypto;

import com.google.crypto.tink.prf.Prf;
import com.google.crypto.tink.prf.PrfSet;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Deterministic hashes under a keyset: 128 bits in base64url, 22 characters. */
final class KeyedHash {

    private static final int BYTES = 16;

    private final LiveKeyset keys;

    KeyedHash(LiveKeyset keys) {
        this.keys = keys;
    }

    String primary(byte[] input) {
        return all(input).getFirst();
    }

    /** Under every key that is not retired, the primary first; one or two, rarely more. */
    List<String> all(byte[] input) {
        PrfSet prfs = keys.primitive(PrfSet.class);
        try {
            List<String> hashes = new ArrayList<>();
            hashes.add(text(prfs.computePrimary(input, BYTES)));
            for (Map.Entry<Integer, Prf> prf : prfs.getPrfs().entrySet()) {
                if (prf.getKey() != prfs.getPrimaryId()) {
                    hashes.add(text(prf.getValue().compute(input, BYTES)));
                }
            }
            return List.copyOf(hashes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can't hash", e);
        }
    }

    private static String text(byte[] hash) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }
}
