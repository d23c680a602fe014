package dev.sallyport.challenge;

import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.code.SixDigits;
import dev.sallyport.crypto.CodeMac;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.CodeMessage;
import dev.sallyport.sms.SendCode;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** Makes codes and what is kept of them. After {@link #newText} returns, the code is readable by the dispatcher only. */
public final class CodeFactory {

    private final SecureRandom random;
    private final CodeMac macs;
    private final PhoneKeys phoneKeys;
    private final CodeSeal seal;

    public CodeFactory(SecureRandom random, CodeMac macs, PhoneKeys phoneKeys, CodeSeal seal) {
        this.random = random;
        this.macs = macs;
        this.phoneKeys = phoneKeys;
        this.seal = seal;
    }

    /**
     * A new code for a phone.
     *
     * @param messageId the message that will carry it
     */
    Text newText(String challengeId, PhoneNumber phone, int sends, Instant now, String messageId) {
        SixDigits code = SixDigits.random(random);
        String phoneKey = phoneKeys.of(phone.e164());
        Instant expiresAt = now.plus(TextCodes.CODE_LIFE);
        SealContext context = new SealContext(SendCode.TYPE, challengeId, phoneKey, expiresAt);
        byte[] sealed = seal.seal(new CodeMessage(phone.e164(), code.value()).encode(), context);
        return new Text(
                macs.of(challengeId, code.value()),
                sealed,
                phoneKey,
                phone.masked(),
                expiresAt,
                sends,
                now,
                messageId,
                Optional.empty());
    }

    /** True if this is the code that was sent to this phone in this challenge, expired or not. */
    boolean matches(String challengeId, Text text, PhoneNumber phone, SixDigits code) {
        return macs.matches(challengeId, code.value(), text.mac())
                && phoneKeys.all(phone.e164()).contains(text.phoneKey());
    }
}
