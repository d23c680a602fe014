package dev.sallyport.sms;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What only the dispatcher may read: the number and the code.
 *
 * @param e164 the number, such as {@code +14155550112}
 * @param code six digits
 */
public record CodeMessage(String e164, String code) {

    /** The bytes to seal. */
    public byte[] encode() {
        return (e164 + '\n' + code).getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty if the bytes are no such message. */
    public static Optional<CodeMessage> decode(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.US_ASCII).split("\n", -1);
        boolean right = parts.length == 2 && parts[0].matches("\\+[1-9]\\d{6,14}") && parts[1].matches("\\d{6}");
        return right ? Optional.of(new CodeMessage(parts[0], parts[1])) : Optional.empty();
    }

    @Override
    public String toString() {
        return "CodeMessage •••";
    }
}
