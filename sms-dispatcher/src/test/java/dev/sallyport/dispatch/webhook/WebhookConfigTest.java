package dev.sallyport.dispatch.webhook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.dispatch.webhook.fake.FakeGateway;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookConfigTest {

    @Test
    void printedItShowsNeitherSecretNorCredentialsNorTokensInTheAddress() {
        assertEquals(
                "WebhookConfig[name=main, host=gateway.example.com, keys=•••]",
                config(URI.create("https://me:hunter2@gateway.example.com/hooks/hunter2?token=hunter2"))
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://gateway.example.com",
                "https://gateway.example.com:8443/a/b?c=d",
                "http://127.0.0.1:8090/texts",
                "http://localhost/texts",
                "http://[::1]:8090"
            })
    void anAddressWhoseWayIsConfidentialIsTaken(URI url) {
        assertDoesNotThrow(() -> config(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://gateway.example.com",
                "http://127.0.0.1.example.com",
                "ftp://gateway.example.com",
                "gateway.example.com/texts",
                "/texts",
                "https:texts",
                "https://gateway.example.com/#texts"
            })
    void anyOtherIsRefused(URI url) {
        assertThrows(IllegalArgumentException.class, () -> config(url));
    }

    private static WebhookConfig config(URI url) {
        return new WebhookConfig("main", url, new WebhookKeys(List.of(FakeGateway.SECRET)));
    }
}
