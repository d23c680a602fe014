package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.EventTable.Expected;
import dev.sallyport.deploy.EventTable.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a row of audit events tells. */
final class Telling {

    private static final Set<String> PURPOSES = Set.of("confirm", "bind-phone");

    private Telling() {}

    /** These events are the row's, in its order, of one request and about the visit's person. */
    static void assertRow(Row row, Visit visit, List<Seen> left) {
        assertEquals(
                row.events().stream().map(Expected::type).toList(),
                left.stream().map(Seen::type).toList(),
                () -> "events of " + row.name() + ": " + left);
        for (int i = 0; i < left.size(); i++) {
            Seen seen = left.get(i);
            List<String> words = row.events().get(i).words();
            assertEquals(
                    words.stream().filter(word -> !PURPOSES.contains(word)).toList(),
                    Stream.of(seen.at("status_detail"))
                            .filter(word -> !word.isEmpty())
                            .toList(),
                    () -> "reason in " + seen);
            assertEquals(
                    words.stream().filter(PURPOSES::contains).toList(),
                    Stream.of(seen.at("unmapped.purpose"))
                            .filter(PURPOSES::contains)
                            .toList(),
                    () -> "purpose in " + seen);
            assertEquals("/sallyport", seen.header("ce_source"));
            assertEquals(seen.key(), seen.at("user.uid"));
            assertEquals(seen.id(), seen.at("metadata.uid"));
            assertEquals(seen.type(), seen.at("metadata.event_code"));
            assertEquals(Instant.ofEpochMilli(seen.body().getLong("time")), Instant.parse(seen.header("ce_time")));
            assertEquals(seen.at("user.type").equals("User") ? visit.person.name : "", seen.at("user.name"));
        }
        assertTrue(distinct(left, "metadata.correlation_uid") <= 1, () -> "of one request: " + left);
        assertTrue(distinct(left, "user.uid") <= 1, () -> "of one account: " + left);
    }

    private static long distinct(List<Seen> events, String path) {
        return events.stream().map(seen -> seen.at(path)).distinct().count();
    }

    /** A line for each event: what, which factors, the levels before and after, and what it belongs to. */
    static String story(List<Seen> events) {
        return named(events.stream().map(Telling::told).collect(Collectors.joining("\n")));
    }

    private static String told(Seen seen) {
        StringBuilder told = new StringBuilder(seen.type());
        if (!seen.factors().isEmpty()) {
            told.append(' ').append(seen.factors());
        }
        if (!seen.at("unmapped.aal_after").isEmpty()) {
            told.append(' ').append(seen.at("unmapped.aal_before")).append('-').append(seen.at("unmapped.aal_after"));
        }
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("session", seen.at("session.uid") + seen.at("actor.session.uid"));
        ids.put("challenge", seen.at("unmapped.challenge"));
        ids.put("message", seen.at("unmapped.message"));
        ids.forEach((what, id) -> told.append(id.isEmpty() ? "" : " " + what + " " + id));
        return told.toString();
    }

    /** Puts a letter for each id, in the order in which they come up. */
    private static String named(String story) {
        Map<String, String> letters = new HashMap<>();
        return Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
                .matcher(story)
                .replaceAll(id ->
                        letters.computeIfAbsent(id.group(), _ -> Character.toString((char) ('A' + letters.size()))));
    }
}
