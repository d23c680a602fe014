package dev.sallyport.dispatch.phonescreen;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The screens of all phones, in memory: the last {@value #MESSAGES_PER_NUMBER} texts of each of the
 * {@value #NUMBERS} numbers that were texted last. Safe for use by many threads.
 */
public final class PhoneScreen {

    public static final int MESSAGES_PER_NUMBER = 50;
    public static final int NUMBERS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(PhoneScreen.class);

    private final InstantSource clock;
    private final SequencedMap<String, Deque<ShownText>> screens = new LinkedHashMap<>();
    private final List<Consumer<ShownText>> listeners = new CopyOnWriteArrayList<>();
    private long lastSequence;

    public PhoneScreen(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A text on a phone.
     *
     * @param sequence grows by arrival over all phones, from 1
     * @param to E.164
     */
    public record ShownText(long sequence, String to, String text, Instant arrivedAt) {

        @Override
        public String toString() {
            return "ShownText[sequence=%d, arrivedAt=%s]".formatted(sequence, arrivedAt);
        }
    }

    /** The numbers that have texts, the one texted last first. */
    public List<String> numbers() {
        synchronized (screens) {
            return List.copyOf(screens.sequencedKeySet().reversed());
        }
    }

    /** The texts of one number, oldest first; none for a number that was never texted. */
    public List<ShownText> texts(String number) {
        synchronized (screens) {
            return List.copyOf(screens.getOrDefault(number, new ArrayDeque<>()));
        }
    }

    /**
     * Hears of every text from now on, on the thread of its sender, so it must be quick; texts that arrive together may be
     * heard in another order than their sequence. To miss nothing, listen first and then read.
     *
     * @return to be run to hear no more
     */
    public Runnable listen(Consumer<ShownText> hears) {
        listeners.add(hears);
        return () -> listeners.remove(hears);
    }

    ShownText show(String to, String text) {
        ShownText shown;
        synchronized (screens) {
            shown = new ShownText(++lastSequence, to, text, clock.instant());
            var screen = screens.remove(to);
            if (screen == null) {
                screen = new ArrayDeque<>();
            }
            screens.putLast(to, screen);
            screen.addLast(shown);
            if (screen.size() > MESSAGES_PER_NUMBER) {
                screen.removeFirst();
            }
            if (screens.size() > NUMBERS) {
                screens.pollFirstEntry();
            }
        }
        listeners.forEach(listener -> tell(listener, shown));
        return shown;
    }

    /** A page that has gone away must not turn a text that arrived into one that failed. */
    private static void tell(Consumer<ShownText> listener, ShownText shown) {
        try {
            listener.accept(shown);
        } catch (RuntimeException e) {
            LOG.warn("A listener of the phone screen failed; reload the page", e);
        }
    }
}
