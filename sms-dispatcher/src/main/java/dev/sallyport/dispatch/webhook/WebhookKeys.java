package dev.sallyport.dispatch.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets shared with one gateway, and signatures under them as the Standard Webhooks specification has them:
 * {@code v1,} and the base64 of an HMAC-SHA256 over id, time and body, joined by full stops. While a secret is changed there
 * are two: both sign, and either is believed. Safe for use by many threads.
 */
public final class WebhookKeys {

    private static final String PREFIX = "whsec_";
    private static final String VERSION = "v1,";
    private static final String ALGORITHM = "HmacSHA256";
    /** The bounds of the specification. */
    private static final int LEAST_BYTES = 24;

    private static final int MOST_BYTES = 64;

    private final List<SecretKeySpec> keys;

    /**
     * @param secrets one or two, {@code whsec_} and 24 to 64 bytes in base64 each
     * @throws IllegalArgumentException if they are not so; it does not repeat them
     */
    public WebhookKeys(List<String> secrets) {
        if (secrets.isEmpty() || secrets.size() > 2) {
            throw new IllegalArgumentException("A webhook needs one secret, or two while it is changed");
        }
        keys = secrets.stream().map(WebhookKeys::key).toList();
    }

    /** The value of the signature's header: one for each secret. */
    String sign(String id, long timestamp, byte[] body) {
        return keys.stream()
                .map(key -> signature(key, id, Long.toString(timestamp), body))
                .collect(Collectors.joining(" "));
    }

    /** True if any of the signatures is one of ours. How much of it is right shows in no time. */
    public boolean verify(String id, String timestamp, byte[] body, String signatures) {
        boolean genuine = false;
        for (SecretKeySpec key : keys) {
            byte[] expected = signature(key, id, timestamp, body).getBytes(UTF_8);
            for (String given : signatures.split(" ", -1)) {
                genuine |= MessageDigest.isEqual(expected, given.getBytes(UTF_8));
            }
        }
        return genuine;
    }

    @Override
    public String toString() {
        return "•••";
    }

    private static SecretKeySpec key(String secret) {
        try {
            byte[] bytes = secret.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                    : new byte[0];
            if (bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) {
                return new SecretKeySpec(bytes, ALGORITHM);
            }
        } catch (IllegalArgumentException e) {
            // Told below; the decoder's own words quote the secret.
        }
        throw new IllegalArgumentException(
                "A webhook's secret must be whsec_ and 24 to 64 bytes in base64; make one with:"
                        + " echo whsec_$(openssl rand -base64 32)");
    }

    private static String signature(SecretKeySpec key, String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + '.' + timestamp + '.').getBytes(UTF_8));
            return VERSION + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }
}
