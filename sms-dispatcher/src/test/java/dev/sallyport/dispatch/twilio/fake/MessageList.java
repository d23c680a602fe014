package dev.sallyport.dispatch.twilio.fake;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Twilio's list of messages: the newest first, in pages, filtered by {@code To}, {@code From}, {@code DateSent},
 * {@code DateSent<} and {@code DateSent>}. The filters by date count whole days in GMT, bounds included, and leave out
 * what has not been sent yet; a time of day behind the date is allowed and means nothing.
 */
final class MessageList {

    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 1000;

    private MessageList() {}

    /**
     * The page that is asked for.
     *
     * @throws java.time.DateTimeException if a filter is no date
     * @throws IllegalArgumentException if page or page size is no number, or out of range
     */
    static JsonObject of(HttpServerRequest request, List<SentMessage> messages, String accountSid) {
        var found = messages.reversed().stream().filter(wanted(request)).toList();
        int size = number(request, "PageSize", DEFAULT_PAGE);
        int page = number(request, "Page", 0);
        if (size < 1 || size > LARGEST_PAGE || page < 0) {
            throw new IllegalArgumentException("no such page");
        }
        int start = Math.min(page * size, found.size());
        int end = Math.min(start + size, found.size());
        var shown = new JsonArray(found.subList(start, end).stream()
                .map(message -> (Object) message.toJson(accountSid))
                .toList());
        return new JsonObject()
                .put("messages", shown)
                .put("page", page)
                .put("page_size", size)
                .put("start", start)
                .put("end", Math.max(start, end - 1))
                .put("uri", request.uri())
                .put("first_page_uri", pageOf(request, 0))
                .put("next_page_uri", end < found.size() ? pageOf(request, page + 1) : null)
                .put("previous_page_uri", page > 0 ? pageOf(request, page - 1) : null);
    }

    private static Predicate<SentMessage> wanted(HttpServerRequest request) {
        var to = parameter(request, "To");
        var from = parameter(request, "From");
        var on = parameter(request, "DateSent").map(MessageList::day);
        var before = parameter(request, "DateSent<").map(MessageList::day);
        var after = parameter(request, "DateSent>").map(MessageList::day);
        return message -> to.stream().allMatch(message.to()::equals)
                && from.stream().allMatch(message.sender()::equals)
                && on.stream().allMatch(day -> sent(message, day::equals))
                && before.stream().allMatch(day -> sent(message, date -> !date.isAfter(day)))
                && after.stream().allMatch(day -> sent(message, date -> !date.isBefore(day)));
    }

    private static boolean sent(SentMessage message, Predicate<LocalDate> when) {
        return message.sentAt()
                .map(at -> LocalDate.ofInstant(at, ZoneOffset.UTC))
                .filter(when)
                .isPresent();
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text.substring(0, Math.min(10, text.length())));
    }

    private static int number(HttpServerRequest request, String name, int otherwise) {
        return parameter(request, name).map(Integer::valueOf).orElse(otherwise);
    }

    private static Optional<String> parameter(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getParam(name));
    }

    private static String pageOf(HttpServerRequest request, int page) {
        var others = request.uri().replaceAll("&?Page=[0-9]+", "");
        return others + (others.contains("?") ? "&" : "?") + "Page=" + page;
    }
}
