package dev.sallyport.dispatch.twilio;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioConfigTest {

    private static final String SID = "AC0123456789abcdef0123456789abcdef";
    private static final String TOKEN = "a-secret-token";
    private static final String FROM = "+15005550006";

    @Test
    void printedItShowsNeitherTokenNorSender() {
        var printed = new TwilioConfig(SID, TOKEN, FROM, TwilioConfig.DEFAULT_BASE_URL, Optional.empty()).toString();

        assertFalse(printed.contains(TOKEN) || printed.contains("5005550006"), printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AC123", "SK0123456789abcdef0123456789abcdef", "AC0123456789abcdef0123456789abcdeg"})
    void anAccountSidOfAnotherFormIsRefused(String sid) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TwilioConfig(sid, TOKEN, FROM, TwilioConfig.DEFAULT_BASE_URL, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.twilio.com",
                "https://api.dublin.ie1.twilio.com/",
                "https://proxy.example.com:8443",
                "http://127.0.0.1:8090",
                "http://localhost:8090",
                "http://[::1]:8090"
            })
    void aServerIsTheBaseUrl(URI baseUrl) {
        assertDoesNotThrow(() -> new TwilioConfig(SID, TOKEN, FROM, baseUrl, Optional.empty()));
    }

    /** The token would travel in clear, or the path would silently be dropped. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.twilio.com",
                "http://127.0.0.1.example.com",
                "ftp://api.twilio.com",
                "api.twilio.com",
                "https://api.twilio.com/2010-04-01",
                "https://api.twilio.com?x=1",
                "https://user:password@api.twilio.com"
            })
    void anyOtherBaseUrlIsRefused(URI baseUrl) {
        assertThrows(
                IllegalArgumentException.class, () -> new TwilioConfig(SID, TOKEN, FROM, baseUrl, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/callbacks/twilio", "ftp://sms.example.com/", "https://sms_gate.example.com/"})
    void aCallbackUrlThatTwilioCouldNotCallIsRefused(URI callback) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TwilioConfig(SID, TOKEN, FROM, TwilioConfig.DEFAULT_BASE_URL, Optional.of(callback)));
    }
}
