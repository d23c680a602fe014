package dev.sallyport.challenge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.code.SixDigits;
import dev.sallyport.crypto.CodeMac;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.KeyRotation;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.CodeMessage;
import dev.sallyport.sms.SendCode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodeFactoryTest {

    private static final String CHALLENGE = "challenge";
    private static final PhoneNumber PHONE = new PhoneNumber("+14152670112");
    private static final PhoneNumber OTHER = new PhoneNumber("+14152670113");

    @TempDir
    Path folder;

    private Keyring keyring;
    private CodeFactory codes;

    @BeforeEach
    void makeKeys() {
        new KeyFolder(folder).init();
        keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        codes = new CodeFactory(
                new SecureRandom(), new CodeMac(keyring), new PhoneKeys(keyring), new CodeSeal(keyring));
    }

    @Test
    void aCodeIsRightForItsOwnChallengeAndPhoneOnly() {
        Text text = codes.newText(CHALLENGE, PHONE, 1, Instant.EPOCH, "a message");
        SixDigits code = sent(text);
        assertTrue(codes.matches(CHALLENGE, text, PHONE, code));
        assertFalse(codes.matches("another", text, PHONE, code));
        assertFalse(codes.matches(CHALLENGE, text, OTHER, code));
        String wrong = code.value().equals("123456") ? "123457" : "123456";
        assertFalse(codes.matches(CHALLENGE, text, PHONE, new SixDigits(wrong)));
    }

    @ParameterizedTest
    @EnumSource(names = {"PHONE_KEY", "CODE_PEPPER", "SEALING"})
    void aCodeThatIsUnderWayWhileAKeyIsRotatedStaysRight(Keyset keyset) {
        Text text = codes.newText(CHALLENGE, PHONE, 1, Instant.EPOCH, "a message");
        SixDigits code = sent(text);
        KeyRotation rotation = new KeyRotation(folder);
        rotation.run(keyset, KeyRotation.Stage.ADD);
        rotation.run(keyset, KeyRotation.Stage.PROMOTE);
        keyring.reload();
        assertTrue(codes.matches(CHALLENGE, text, PHONE, code));
        assertFalse(codes.matches(CHALLENGE, text, OTHER, code));
    }

    /** As the dispatcher reads it. */
    private SixDigits sent(Text text) {
        SealContext context = new SealContext(SendCode.TYPE, CHALLENGE, text.phoneKey(), text.expiresAt());
        byte[] opened = new CodeOpener(keyring).open(text.sealed(), context);
        return new SixDigits(CodeMessage.decode(opened).orElseThrow().code());
    }
}
