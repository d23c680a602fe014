package dev.sallyport.dispatch.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookKeysTest {

    /** The vector that the specification's own libraries test. */
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long TIME = 1_614_265_330L;
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static final String OTHER_SECRET = secretOf(32);

    private final WebhookKeys keys = new WebhookKeys(List.of(SECRET));

    @Test
    void signaturesAreThoseOfTheSpecification() {
        assertEquals(SIGNATURE, keys.sign(ID, TIME, BODY));
    }

    @Test
    void whileTheSecretIsChangedBothSignAndEitherIsBelieved() {
        WebhookKeys changing = new WebhookKeys(List.of(OTHER_SECRET, SECRET));

        String both = changing.sign(ID, TIME, BODY);
        assertEquals(new WebhookKeys(List.of(OTHER_SECRET)).sign(ID, TIME, BODY) + " " + SIGNATURE, both);
        assertTrue(verified(keys, both));
        assertTrue(verified(changing, SIGNATURE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "v1,",
                "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,G0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=,"
            })
    void anythingElseIsNoSignature(String given) {
        assertFalse(verified(keys, given));
        assertTrue(verified(keys, given + " " + SIGNATURE), "beside a genuine one it does no harm");
    }

    @Test
    void idTimeBodyAndSecretAreAllCovered() {
        assertTrue(keys.verify(ID, "" + TIME, BODY, SIGNATURE));
        assertFalse(keys.verify(ID + "x", "" + TIME, BODY, SIGNATURE));
        assertFalse(keys.verify(ID, "" + (TIME + 1), BODY, SIGNATURE));
        assertFalse(keys.verify(ID, "" + TIME, "{\"test\": 2432232315}".getBytes(UTF_8), SIGNATURE));
        assertFalse(verified(new WebhookKeys(List.of(OTHER_SECRET)), SIGNATURE));
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 64})
    void secretsOfTheSpecificationsLengthsAreTaken(int bytes) {
        WebhookKeys own = new WebhookKeys(List.of(secretOf(bytes)));

        assertTrue(verified(own, own.sign(ID, TIME, BODY)));
    }

    @Test
    void whateverElseIsRefusedAndNotRepeated() {
        for (String wrong : List.of(
                "", SECRET.substring(6), "whsec_", "whsec_hunter2", "whsec_~hunter2~", secretOf(23), secretOf(65))) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> new WebhookKeys(List.of(wrong)));
            String words = refusal + " " + refusal.getCause();
            assertFalse(wrong.length() > 6 && words.contains(wrong.substring(6)), words);
        }
        assertThrows(IllegalArgumentException.class, () -> new WebhookKeys(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new WebhookKeys(List.of(SECRET, SECRET, SECRET)));
    }

    @Test
    void printedTheyShowNothing() {
        assertEquals("•••", keys.toString());
    }

    private static boolean verified(WebhookKeys keys, String signatures) {
        return keys.verify(ID, "" + TIME, BODY, signatures);
    }

    private static String secretOf(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
