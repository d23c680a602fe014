package dev.sallyport.dispatch.phonescreen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sallyport.dispatch.phonescreen.PhoneScreen.ShownText;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhoneScreenTest {

    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final PhoneScreen screen = new PhoneScreen(InstantSource.fixed(NOON));

    @Test
    void aPhoneShowsItsTextsOldestFirst() {
        screen.show("+14155550001", "one");
        screen.show("+14155550002", "other");
        screen.show("+14155550001", "two");

        assertEquals(
                List.of(new ShownText(1, "+14155550001", "one", NOON), new ShownText(3, "+14155550001", "two", NOON)),
                screen.texts("+14155550001"));
    }

    @Test
    void thePhoneTextedLastComesFirst() {
        screen.show("+14155550001", "one");
        screen.show("+14155550002", "two");
        screen.show("+14155550001", "three");

        assertEquals(List.of("+14155550001", "+14155550002"), screen.numbers());
    }

    @Test
    void aPhoneKeepsItsLastFiftyTexts() {
        IntStream.rangeClosed(1, 51).forEach(i -> screen.show("+14155550001", "text " + i));

        var texts = screen.texts("+14155550001");
        assertEquals(50, texts.size());
        assertEquals("text 2", texts.getFirst().text());
        assertEquals("text 51", texts.getLast().text());
    }

    @Test
    void theHundredAndFirstNumberPushesOutTheOneThatWasQuietLongest() {
        IntStream.rangeClosed(1, 100).forEach(i -> screen.show(number(i), "hello"));
        screen.show(number(1), "again");
        screen.show(number(101), "hello");

        assertEquals(100, screen.numbers().size());
        assertEquals(List.of(), screen.texts(number(2)));
        assertEquals(2, screen.texts(number(1)).size());
    }

    @Test
    void aListenerHearsTextsUntilItStops() {
        var heard = new ArrayList<String>();
        screen.show("+14155550001", "before");
        var stop = screen.listen(shown -> heard.add(shown.text()));
        screen.show("+14155550001", "while");
        stop.run();
        screen.show("+14155550001", "after");

        assertEquals(List.of("while"), heard);
    }

    @Test
    void aListenerThatFailsHindersNeitherTheSenderNorTheNextListener() {
        var heard = new ArrayList<String>();
        screen.listen(shown -> {
            throw new IllegalStateException("gone");
        });
        screen.listen(shown -> heard.add(shown.text()));

        screen.show("+14155550001", "hello");

        assertEquals(List.of("hello"), heard);
    }

    @Test
    void parallelSendersLoseNothing() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 5000).forEach(i -> threads.execute(() -> screen.show(number(i % 100), "text " + i)));
        }

        assertEquals(100, screen.numbers().size());
        assertEquals(
                5000,
                screen.numbers().stream().mapToInt(n -> screen.texts(n).size()).sum());
    }

    @Test
    void printedATextShowsNeitherNumberNorText() {
        var printed = screen.show("+14155550001", "493028").toString();

        assertFalse(printed.contains("4155550001") || printed.contains("493028"), printed);
    }

    private static String number(int i) {
        return "+1415555%04d".formatted(i);
    }
}
