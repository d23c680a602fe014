package dev.sallyport.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of {@code docs/events.md}: which outcome of which route leaves which events. */
final class EventTable {

    private static final Path FILE = Path.of("..", "docs", "events.md");
    private static final Pattern EVENT = Pattern.compile("`([a-z.-]+)`(?: \\(((?:`[a-z-]+`(?:, )?)+)\\))?(?:, |$)");

    private EventTable() {}

    /** @param words the reason, and the purpose where it is not to sign in */
    record Expected(String type, List<String> words) {}

    /** @param route as Vert.x has it, such as {@code POST /sign-up}; {@code GET *} and {@code POST *} for any page */
    record Row(String route, String outcome, List<Expected> events) {

        /** Names the row, and the scenario that plays it. */
        String name() {
            return outcome.isEmpty() ? route : route + ": " + outcome;
        }
    }

    static List<Row> read() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        String route = "";
        for (String line : Files.readAllLines(FILE)) {
            if (line.equals("| route | outcome | events |")) {
                inside = true;
            } else if (inside && line.isEmpty()) {
                return rows;
            } else if (inside && !line.startsWith("| ---")) {
                String[] cells = line.substring(1, line.length() - 1).split("\\|", -1);
                route = cells[0].isBlank() ? route : route(cells[0].strip());
                rows.add(new Row(route, cells[1].strip(), events(cells[2].strip())));
            }
        }
        throw new AssertionError("the table has no end");
    }

    private static String route(String cell) {
        return cell.replace("`", "").replace(" of any page", " *");
    }

    private static List<Expected> events(String cell) {
        List<Expected> events = new ArrayList<>();
        if (cell.equals("none")) {
            return events;
        }
        Matcher matcher = EVENT.matcher(cell);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            List<String> words = matcher.group(2) == null
                    ? List.of()
                    : List.of(matcher.group(2).replace("`", "").split(", "));
            events.add(new Expected(matcher.group(1), words));
            end = matcher.end();
        }
        if (end != cell.length()) {
            throw new AssertionError("can't read these events: " + cell);
        }
        return events;
    }
}
