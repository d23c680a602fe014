package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedNoteTest {

    /** The example of Go's package of signed notes, which others check their own with. */
    private static final NoteKey THEIR_KEY =
            NoteKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

    private static final String THEIR_NOTE = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    private static final String TEXT = "one line\nanother\n";

    @TempDir
    Path all;

    @TempDir
    Path sealers;

    private NoteSigner signer;

    @BeforeEach
    void open() {
        new KeyFolder(all).init();
        new KeyFolder(all).export(Set.of(Role.AUDIT_SEALER), sealers);
        signer = new NoteSigner(Keyring.open(sealers, Set.of(Role.AUDIT_SEALER)));
    }

    @Test
    void aNoteOfOthersIsReadAndVerified() {
        SignedNote note = SignedNote.parse(THEIR_NOTE).orElseThrow();

        assertEquals(Optional.of(THEIR_KEY), note.signedBy(List.of(THEIR_KEY)));
        assertEquals(THEIR_NOTE, note.toString());
    }

    @Test
    void whatIsSignedIsVerifiedByThePublicKeyAlone() {
        SignedNote note = signer.sign(TEXT);
        NoteKey key = NoteKey.parse(NoteKeys.in(sealers).getFirst().toString());

        SignedNote read = SignedNote.parse(note.toString()).orElseThrow();

        assertEquals(TEXT, read.text());
        assertEquals(Optional.of(key), read.signedBy(List.of(THEIR_KEY, key)));
        assertEquals(Optional.empty(), read.signedBy(List.of(THEIR_KEY)));
    }

    @Test
    void aWordThatIsChangedIsNoticed() {
        String note = signer.sign(TEXT).toString();

        SignedNote changed =
                SignedNote.parse(note.replace("another", "an other")).orElseThrow();

        assertEquals(Optional.empty(), changed.signedBy(NoteKeys.in(sealers)));
    }

    @Test
    void signaturesOfOthersMayStandBeside() {
        String witnessed = signer.sign(TEXT) + "\u2014 witness AAAAAAAAAAAA\n";

        SignedNote note = SignedNote.parse(witnessed).orElseThrow();

        assertEquals(2, note.signatures().size());
        assertTrue(note.signedBy(NoteKeys.in(sealers)).isPresent());
    }

    @Test
    void afterARotationTheNewKeySignsAndTheOldOneStillVerifies() {
        SignedNote before = signer.sign(TEXT);
        NoteKey old = NoteKeys.in(sealers).getFirst();
        KeyRotation rotation = new KeyRotation(all);
        rotation.run(Keyset.AUDIT_SEAL, KeyRotation.Stage.ADD);
        rotation.run(Keyset.AUDIT_SEAL, KeyRotation.Stage.PROMOTE);
        new KeyFolder(all).export(Set.of(Role.AUDIT_SEALER), sealers);
        NoteSigner reopened = new NoteSigner(Keyring.open(sealers, Set.of(Role.AUDIT_SEALER)));

        List<NoteKey> keys = NoteKeys.in(sealers);

        assertEquals(2, keys.size());
        assertEquals(old, keys.getFirst());
        assertEquals(Optional.of(old), before.signedBy(keys));
        assertEquals(Optional.of(keys.getLast()), reopened.sign(TEXT).signedBy(keys));
    }

    @Test
    void whatIsNoNoteIsNone() {
        for (String text : List.of(
                "",
                "\n\n",
                "text\n",
                "text\n\n",
                "text\n\nno signature\n",
                "text\n\n\u2014 name\n",
                "text\n\n\u2014 name ?\n",
                "text\n\n\u2014 name AAAA\n",
                "text\n\n\u2014 name AAAAAAAA more\n",
                "text\n\n\u2014 name AAAAAAAA")) {
            assertEquals(Optional.empty(), SignedNote.parse(text), text);
        }
    }

    @Test
    void aKeyWithASlipOfThePenIsRefused() {
        String key = NoteKeys.in(sealers).getFirst().toString();

        for (String wrong : List.of(
                "",
                "+",
                key.substring(1),
                key.substring(0, key.length() - 4),
                key.replaceFirst("\\+[0-9a-f]", "+x"),
                THEIR_KEY.toString().replace("PeterNeumann", "PeterNewmann"))) {
            assertThrows(IllegalArgumentException.class, () -> NoteKey.parse(wrong), wrong);
        }
        assertEquals(key, NoteKey.parse(' ' + key + '\n').toString());
    }
}
