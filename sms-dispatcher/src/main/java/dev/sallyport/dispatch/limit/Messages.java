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
import java.util.stream.Stream;

/** The messages of one partition of this worker, for as long as a limit looks back at them. Not thread-safe. */
final class Messages {

    /** Far more than a partition sends in an hour; beyond it the oldest are forgotten first. */
    private static final int MOST = 100_000;
    /** More than any limit counts. */
    private static final int MOST_OF_PHONE = 128;

    private static final Duration FIRST_AGAIN_AFTER = Duration.ofMinutes(10);

    private final Map<String, Message> byId = new LinkedHashMap<>();
    private final Map<String, List<Message>> byPhone = new HashMap<>();
    /** When codes were accepted whose messages the ledger has not told of yet. */
    private final Map<String, Instant> verifiedEarly = new LinkedHashMap<>();

    Optional<Message> get(String messageId) {
        return Optional.ofNullable(byId.get(messageId));
    }

    /** The messages to a phone that were or may have been sent, or are about to be. */
    List<Message> ofPhone(String phoneKey) {
        return byPhone.getOrDefault(phoneKey, List.of()).stream()
                .filter(Message::counts)
                .toList();
    }

    /** Whether a message to this phone would be the first in ten minutes. */
    boolean isFirstOfPhone(Sending sending) {
        return ofPhone(sending.phoneKey()).stream()
                .filter(other -> !other.sending.messageId().equals(sending.messageId()))
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
        List<Message> ofPhone = byPhone.computeIfAbsent(sending.phoneKey(), _ -> new ArrayList<>(1));
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
                .filter(other -> other.sending.challengeId().equals(sending.challengeId()));
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

    /** Forgets what was ordered, or accepted, before this time; what came too early or late in its order, a little later. */
    void forgetBefore(Instant time) {
        Iterator<Message> messages = byId.values().iterator();
        while (messages.hasNext()) {
            Message oldest = messages.next();
            if (!oldest.orderedAt().isBefore(time)) {
                break;
            }
            messages.remove();
            removeFromPhone(oldest);
        }
        verifiedEarly.values().removeIf(accepted -> accepted.isBefore(time));
    }
}
