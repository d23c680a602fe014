package dev.sallyport.dispatch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does with each message what a test has said, and accepts the rest. */
final class ScriptedProvider implements SmsProvider {

    private final String name;
    private final Deque<SendResult> results = new ArrayDeque<>();
    private final List<TextMessage> sent = new ArrayList<>();
    private final List<TextMessage> askedFor = new ArrayList<>();
    private Optional<SendResult> known = Optional.empty();
    private Runnable whileSending = () -> {};

    ScriptedProvider(String name) {
        this.name = name;
    }

    synchronized ScriptedProvider next(SendResult... then) {
        results.addAll(List.of(then));
        return this;
    }

    /** What it answers when it is asked what became of a message. */
    synchronized void knows(SendResult result) {
        known = Optional.of(result);
    }

    synchronized void whileSending(Runnable action) {
        whileSending = action;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized SendResult send(TextMessage message) {
        sent.add(message);
        whileSending.run();
        return results.isEmpty() ? new SendResult.Accepted(name + '-' + sent.size(), "queued", 1) : results.poll();
    }

    @Override
    public synchronized Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others) {
        askedFor.add(message);
        return known;
    }

    synchronized List<TextMessage> sent() {
        return List.copyOf(sent);
    }

    synchronized List<TextMessage> askedFor() {
        return List.copyOf(askedFor);
    }
}
