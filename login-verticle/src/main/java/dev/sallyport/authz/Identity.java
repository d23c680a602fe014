package dev.sallyport.authz;

import dev.sallyport.FactorType;
import dev.sallyport.crypto.Assertions.Statement;
import dev.sallyport.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Who asks, in the words that an application gets with each request.
 *
 * @param user the user name; what is not visible ASCII, and the percent sign, is percent-encoded as in an address
 * @param account the account's id
 * @param aal 1 or 2
 * @param amr what was proven, in the words of RFC 8176, with commas between them
 * @param authTime when the password was last typed, in seconds since 1970
 * @param assertion all of it once more, signed for this application
 */
public record Identity(String user, String account, String aal, String amr, String authTime, String assertion) {

    private static final String AAL = "urn:sallyport:aal:";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static Identity of(Session session, String assertion) {
        return new Identity(
                encode(session.userName()),
                session.account().value(),
                Integer.toString(session.aal()),
                String.join(",", amr(session)),
                Long.toString(session.passwordAt().getEpochSecond()),
                assertion);
    }

    /** What is signed for the application at a host. */
    static Statement statement(Session session, String host) {
        return new Statement(
                session.account().value(),
                session.userName(),
                host,
                session.handle(),
                session.passwordAt(),
                acr(session.aal()),
                amr(session));
    }

    /** The word for an assurance level. */
    public static String acr(int aal) {
        return AAL + aal;
    }

    private static List<String> amr(Session session) {
        List<String> words = new ArrayList<>();
        session.proofs().forEach(proof -> words.add(word(proof.factor())));
        if (session.aal() > 1) {
            words.add("mfa");
        }
        return List.copyOf(words);
    }

    private static String word(FactorType factor) {
        return switch (factor) {
            case PASSWORD -> "pwd";
            case APP -> "otp";
            case PHONE -> "sms";
        };
    }

    /** Headers are ASCII: whatever else is written as it is arrives as another name, which may be somebody else's. */
    private static String encode(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
            if (one > ' ' && one < 0x7f && one != '%') {
                encoded.append((char) one);
            } else {
                encoded.append('%').append(HEX.toHexDigits(one));
            }
        }
        return encoded.toString();
    }

    /** Not the assertion: whoever has it is that person for a minute. */
    @Override
    public String toString() {
        return "Identity[account=%s, aal=%s]".formatted(account, aal);
    }
}
