package dev.sallyport.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.SendResult.Accepted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every {@link SmsProvider} whose far end is in order. */
public abstract class SmsProviderContract {

    private static final String NUMBER = "+14155550123";

    protected abstract SmsProvider provider();

    /** The texts that this number has received, in order of arrival. */
    protected abstract List<String> textsOf(String number);

    protected static TextMessage message(String to, String text) {
        return new TextMessage("0199a1b2-message", "phone-key", to, text, Duration.ofMinutes(4), 1);
    }

    @Test
    void anAcceptedMessageArrivesOnItsPhoneOnly() {
        var accepted = send(message(NUMBER, "493028 is your code"));

        assertFalse(accepted.providerId().isBlank());
        assertFalse(accepted.status().isBlank());
        assertEquals(List.of("493028 is your code"), textsOf(NUMBER));
        assertEquals(List.of(), textsOf("+14155550124"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"493028 is your code.\n\n@login.example.com #493028", "100 % & more = «ça», 🔑+x", "a b+c%20d"})
    void theTextArrivesAsItIs(String text) {
        send(message(NUMBER, text));

        assertEquals(List.of(text), textsOf(NUMBER));
    }

    @Test
    void aMessageSentTwiceArrivesTwiceUnderTwoIds() {
        var first = send(message(NUMBER, "493028"));
        var second = send(message(NUMBER, "493028"));

        assertFalse(first.providerId().equals(second.providerId()));
        assertEquals(List.of("493028", "493028"), textsOf(NUMBER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.001S", "PT1S", "PT4M30.5S", "PT10H", "P30D"})
    void anyRemainingLifeIsTaken(Duration validity) {
        send(new TextMessage("0199a1b2-message", "phone-key", NUMBER, "493028", validity, 1));

        assertEquals(List.of("493028"), textsOf(NUMBER));
    }

    @Test
    void twoHundredVirtualThreadsSendAtOnce() throws Exception {
        var results = new ArrayList<Future<Accepted>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                var message = message(NUMBER, "text " + i);
                results.add(threads.submit(() -> send(message)));
            }
        }
        var ids = new HashSet<String>();
        for (var result : results) {
            ids.add(result.get().providerId());
        }

        assertEquals(200, ids.size());
    }

    @Test
    void theNameIsFitForMetrics() {
        assertTrue(provider().name().matches("[a-z][a-z0-9-]*"), provider().name());
    }

    private Accepted send(TextMessage message) {
        return assertInstanceOf(Accepted.class, provider().send(message));
    }
}
