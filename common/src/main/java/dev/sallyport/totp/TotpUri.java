package dev.sallyport.totp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/**
 * The address that a QR code carries to an authenticator app, in the form that Google Authenticator began and the
 * others read ("Key Uri Format").
 *
 * @param text ASCII, at most a thousand characters, so that a QR code of it can still be read from a screen; it holds
 *     the secret and does not print
 */
public record TotpUri(String text) {

    /** In percent-encoded characters: an e-mail address of any usual length, or some 25 letters of other scripts. */
    private static final int LONGEST_NAME = 160;

    /**
     * The names are only for the person to read. Long ones are cut, and a colon becomes a hyphen, because it separates
     * the two and apps disagree on more than one.
     */
    public static TotpUri of(String issuer, String account, TotpSecret secret) {
        String encodedIssuer = encoded(issuer);
        return new TotpUri("otpauth://totp/" + encodedIssuer + ":" + encoded(account)
                + "?secret=" + secret.base32()
                + "&issuer=" + encodedIssuer
                + "&algorithm=SHA1&digits=" + Totp.DIGITS
                + "&period=" + Totp.STEP_SECONDS);
    }

    @Override
    public String toString() {
        return "TotpUri[•••]";
    }

    private static String encoded(String name) {
        var encoded = new StringBuilder();
        for (int character : name.replace(':', '-').codePoints().toArray()) {
            // The JDK encodes for forms, where a space is a plus; apps would show that plus.
            String next =
                    URLEncoder.encode(Character.toString(character), UTF_8).replace("+", "%20");
            if (encoded.length() + next.length() > LONGEST_NAME) {
                break;
            }
            encoded.append(next);
        }
        return encoded.toString();
    }
}
