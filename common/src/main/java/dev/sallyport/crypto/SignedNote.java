package dev.sallyport.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A text with signatures below it, in the form of C2SP's signed-note: the text, an empty line, and a line for each
 * signature. Others may add theirs, such as a witness; what is signed is the text alone.
 *
 * @param text lines that each end with a line feed, none of them empty
 */
public record SignedNote(String text, List<Signature> signatures) {

    /**
     * One line below the text.
     *
     * @param name of the key that is said to have made it
     * @param keyHash tells keys of one name apart
     * @param base64 of hash and signature, as written
     */
    public record Signature(String name, int keyHash, String base64) {

        static Signature of(NoteKey key, byte[] signature) {
            byte[] both = ByteBuffer.allocate(HASH_BYTES + signature.length)
                    .putInt(key.hash())
                    .put(signature)
                    .array();
            return new Signature(key.name(), key.hash(), Base64.getEncoder().encodeToString(both));
        }

        private static Signature parse(String line) {
            String[] parts = line.substring(DASH.length()).split(" ", -1);
            byte[] both = Base64.getDecoder().decode(parts[1]);
            boolean isOurSpelling = Base64.getEncoder().encodeToString(both).equals(parts[1]);
            if (parts.length != 2 || both.length <= HASH_BYTES || !isOurSpelling) {
                throw new IllegalArgumentException(line);
            }
            return new Signature(parts[0], ByteBuffer.wrap(both).getInt(), parts[1]);
        }

        private byte[] bytes() {
            byte[] both = Base64.getDecoder().decode(base64);
            return Arrays.copyOfRange(both, HASH_BYTES, both.length);
        }
    }

    private static final int HASH_BYTES = 4;
    private static final String DASH = "\u2014 ";
    private static final String BEFORE_SIGNATURES = "\n\n";

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /** Reads what {@link #toString} gives; empty if it is none. Nothing is verified by that. */
    public static Optional<SignedNote> parse(String note) {
        int end = note.indexOf(BEFORE_SIGNATURES);
        if (end < 1 || !note.endsWith("\n")) {
            return Optional.empty();
        }
        List<Signature> signatures = new ArrayList<>();
        try {
            String below = note.substring(end + BEFORE_SIGNATURES.length(), note.length() - 1);
            for (String line : below.split("\n", -1)) {
                if (!line.startsWith(DASH)) {
                    return Optional.empty();
                }
                signatures.add(Signature.parse(line));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
        return Optional.of(new SignedNote(note.substring(0, end + 1), signatures));
    }

    /** The first of these keys that signed it; empty if none did. */
    public Optional<NoteKey> signedBy(List<NoteKey> keys) {
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        return keys.stream()
                .filter(key -> signatures.stream()
                        .filter(signature -> signature.name().equals(key.name()) && signature.keyHash() == key.hash())
                        .anyMatch(signature -> key.verifies(signed, signature.bytes())))
                .findFirst();
    }

    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(DASH)
                .append(signature.name())
                .append(' ')
                .append(signature.base64())
                .append('\n'));
        return note.toString();
    }
}
