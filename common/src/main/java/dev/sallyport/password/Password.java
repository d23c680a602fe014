package dev.sallyport.password;

import com.ibm.icu.text.Normalizer2;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * What a person typed as a password, whole: nothing is trimmed, cut or changed in case. Two of them are equal when
 * their NFC forms are, because keyboards compose accents in different ways (RFC 8265, section 4).
 *
 * <p>The text itself came in as a {@code String} and stays on the heap until it is collected. The byte arrays made here
 * are fresh each time and belong to the caller, who wipes them after use.
 */
public final class Password {

    private final String typed;
    private final String nfc;

    private Password(String typed) {
        this.typed = typed;
        this.nfc = Normalizer.normalize(typed, Normalizer.Form.NFC);
    }

    public static Password typed(String text) {
        return new Password(text);
    }

    /** The NFC form in UTF-8: what our own hashes are made of. */
    public byte[] nfc() {
        return nfc.getBytes(StandardCharsets.UTF_8);
    }

    /** The text in UTF-8 as it came in: what the imported bcrypt hashes were made of. */
    public byte[] asTyped() {
        return typed.getBytes(StandardCharsets.UTF_8);
    }

    /** Unicode code points after NFC. */
    public int characters() {
        return nfc.codePointCount(0, nfc.length());
    }

    /** For comparing with lists and names only, never for hashing: NFKC, case folded, invisible characters dropped. */
    String folded() {
        return fold(nfc);
    }

    static String fold(String text) {
        return Normalizer2.getNFKCCasefoldInstance().normalize(text);
    }

    /** Control characters, half surrogate pairs, and the mark that a decoder leaves for bytes that it could not read. */
    boolean hasUntypableCharacter() {
        return nfc.codePoints()
                .anyMatch(character -> character == 0xFFFD
                        || Character.getType(character) == Character.CONTROL
                        || Character.getType(character) == Character.SURROGATE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Password that && nfc.equals(that.nfc);
    }

    @Override
    public int hashCode() {
        return nfc.hashCode();
    }

    @Override
    public String toString() {
        return "•••";
    }
}
