package dev.sallyport.totp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpUriTest {

    private static final TotpSecret SECRET = TotpSecret.of("12345678901234567890".getBytes(US_ASCII));

    @Test
    void theWholeAddress() {
        assertEquals(
                "otpauth://totp/Acme%20Co:alice%2Btag%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                        + "&issuer=Acme%20Co&algorithm=SHA1&digits=6&period=30",
                TotpUri.of("Acme Co", "alice+tag@example.com", SECRET).text());
    }

    @ParameterizedTest
    @CsvSource({
        "Acme, alice, /Acme:alice, Acme",
        "Bäckerei, zoë@exämple.com, /Bäckerei:zoë@exämple.com, Bäckerei",
        "東京 \uD83D\uDE80, 用户, /東京 \uD83D\uDE80:用户, 東京 \uD83D\uDE80",
        "A&B=C?D#E/F%G+H, a&b=c?d#e/f%g+h*~, /A&B=C?D#E/F%G+H:a&b=c?d#e/f%g+h*~, A&B=C?D#E/F%G+H",
        "Acme: Staff, corp:alice, /Acme- Staff:corp-alice, Acme- Staff"
    })
    void anAppReadsBackTheNames(String issuer, String account, String label, String issuerParameter) {
        var uri = URI.create(TotpUri.of(issuer, account, SECRET).text());
        assertEquals(label, uri.getPath());
        assertEquals("totp", uri.getHost());
        String raw = uri.getRawQuery();
        assertTrue(raw.matches("secret=[A-Z2-7]+&issuer=[^&=?#]+&algorithm=SHA1&digits=6&period=30"), raw);
        assertEquals(
                issuerParameter,
                URI.create("x:/" + raw.split("&")[1].substring("issuer=".length()))
                        .getPath()
                        .substring(1));
    }

    @Test
    void onlyOneColonSeparatesIssuerAndAccount() {
        String path = URI.create(TotpUri.of("a:b", "c:d", SECRET).text()).getPath();
        assertEquals(path.indexOf(':'), path.lastIndexOf(':'));
    }

    @Test
    void longNamesAreCutBetweenCharactersAndTheAddressStaysShort() {
        String rockets = "\uD83D\uDE80".repeat(254);
        String text = TotpUri.of(rockets, rockets, TotpSecret.of(new byte[TotpSecret.LONGEST]))
                .text();
        assertTrue(text.length() <= 1000, () -> text.length() + " characters");
        String kept = "\uD83D\uDE80".repeat(13);
        assertEquals("/" + kept + ":" + kept, URI.create(text).getPath());
    }

    @Test
    void usualAddressesAreNotCut() {
        String account = "a".repeat(64) + "@" + "example.".repeat(10) + "com";
        assertTrue(
                URI.create(TotpUri.of("Acme", account, SECRET).text()).getPath().endsWith(account));
    }

    @Test
    void theSecretIsNotPrinted() {
        assertFalse(TotpUri.of("Acme", "alice", SECRET).toString().contains("GEZD"));
    }
}
