package dev.sallyport.dispatch.limit;

import dev.sallyport.dispatch.Sending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one partition of this worker, for as long as a limit looks back at them; after a quarter of an hour only
 * what the limits of their phones ask for. Not thread-safe.
 */
final class Messages {

    /** Far more than a partition sends in an hour; beyond it the oldest are forgotten first. */
    private static final int MOST = 100_000;
    /** More than any limit counts. */
    private static final int MOST_OF_PHONE = 128;

    private static final Duration FIRST_AGAIN_AFTER = Duration.ofMinutes(10);

    private final Map<String, Message> byId = new LinkedHashMap<>();
    private final Map<String, List<Seen>> byPhone = new HashMap<>();
    /** When codes were accepted whose messages the ledger has not told of yet. */
    private final Map<String, Instant> verifiedEarly = new LinkedHashMap<>();

    private boolean complete;

    /** All that was sent and accepted before is known; until then old messages may still change. */
    void complete() {
        complete = true;
    }

    Optional<Message> get(String messageId) {
        return Optional.ofNullable(byId.get(messageId));
    }

    /** The messages to a phone that were or may have been sent, or are about to be. */
    List<Seen> ofPhone(String phoneKey) {
        return byPhone.getOrDefault(phoneKey, List.of()).stream()
                .filter(Seen::counts)
                .toList();
    }

    /** Whether a message to this phone would be the first in ten minutes. */
    boolean isFirstOfPhone(Sending sending) {
        return ofPhone(sending.phoneKey()).stream()
                .filter(other -> !(other instanceof Message message && message.isOf(sending)))
                .noneMatch(other -> {
                    Duration later = Duration.between(other.orderedAt(), sending.orderedAt());
                    return later.abs().compareTo(FIRST_AGAIN_AFTER) < 0;
                });
    }

    /** The message of this order, made if it is not known. */
    Message take(Sending sending) {
        Message known = byId.get(sending.messageId());
        if (known != null) {
            return known;
        }
        Message message = new Message(sending);
        message.firstOfPhone = isFirstOfPhone(sending);
        message.verified = verifiedEarly.remove(sending.messageId()) != null
                || ofChallenge(sending).anyMatch(other -> other.verified);
        byId.put(sending.messageId(), message);
        List<Seen> ofPhone = byPhone.computeIfAbsent(sending.phoneKey(), _ -> new ArrayList<>(1));
        ofPhone.add(message);
        if (ofPhone.size() > MOST_OF_PHONE) {
            ofPhone.removeFirst();
        }
        if (byId.size() > MOST) {
            remove(byId.values().iterator().next());
        }
        return message;
    }

    /** The messages that carried an accepted code; if they are to be told of yet, that is kept in mind. */
    List<Message> withCodeOf(String messageId, Instant now) {
        Message message = byId.get(messageId);
        if (message == null) {
            verifiedEarly.put(messageId, now);
            if (verifiedEarly.size() > MOST) {
                verifiedEarly.remove(verifiedEarly.keySet().iterator().next());
            }
            return List.of();
        }
        return ofChallenge(message.sending).toList();
    }

    private Stream<Message> ofChallenge(Sending sending) {
        return byPhone.getOrDefault(sending.phoneKey(), List.of()).stream()
                .mapMulti((Seen other, Consumer<Message> take) -> {
                    if (other instanceof Message message
                            && message.sending.challengeId().equals(sending.challengeId())) {
                        take.accept(message);
                    }
                });
    }

    void remove(Message message) {
        byId.remove(message.sending.messageId());
        removeFromPhone(message);
    }

    private void removeFromPhone(Message message) {
        byPhone.computeIfPresent(message.sending.phoneKey(), (_, ofPhone) -> {
            ofPhone.remove(message);
            return ofPhone.isEmpty() ? null : ofPhone;
        });
    }

    /**
     * Keeps of old messages no more than a phone's limits ask for, and of older ones nothing.
     *
     * @param settled nothing changes any more of what was ordered before
     * @param gone nobody looks back at what was ordered, or accepted, before
     */
    void forget(Instant settled, Instant gone) {
        Iterator<Message> messages = byId.values().iterator();
        while (complete && messages.hasNext()) {
            Message oldest = messages.next();
            if (!oldest.orderedAt().isBefore(settled)) {
                break;
            }
            messages.remove();
            byPhone.computeIfPresent(oldest.sending.phoneKey(), (_, ofPhone) -> settled(ofPhone, oldest));
        }
        byPhone.values().removeIf(ofPhone -> {
            ofPhone.removeIf(seen -> seen.orderedAt().isBefore(gone));
            return ofPhone.isEmpty();
        });
        verifiedEarly.values().removeIf(accepted -> accepted.isBefore(gone));
    }

    private static @Nullable List<Seen> settled(List<Seen> ofPhone, Message old) {
        int index = ofPhone.indexOf(old);
        if (index >= 0 && old.counts()) {
            ofPhone.set(index, old.past());
        } else if (index >= 0) {
            ofPhone.remove(index);
        }
        return ofPhone.isEmpty() ? null : ofPhone;
    }
}
