package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/security.md} says is proven has a test of that name. */
class SecurityPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Contract))\\.(\\w+)`");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)#?([^)]*)\\)");

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, Path> sources = sources();
        Matcher named = NAMED.matcher(Files.readString(ROOT.resolve("docs/security.md")));
        TreeSet<String> missing = new TreeSet<>();
        int count = 0;
        while (named.find()) {
            count++;
            Path source = sources.get(named.group(1) + ".java");
            if (source == null || !Files.readString(source).contains(" " + named.group(2) + "(")) {
                missing.add(named.group(1) + '.' + named.group(2));
            }
        }
        assertEquals(List.of(), List.copyOf(missing));
        assertTrue(count > 30, count + " tests are named");
    }

    @Test
    void everyLinkOfTheDocumentsLeadsSomewhere() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".md")).toList()) {
                Matcher links = LINK.matcher(Files.readString(file));
                while (links.find()) {
                    Path target = links.group(1).isEmpty() ? file : file.resolveSibling(links.group(1));
                    assertTrue(Files.exists(target), file + ": " + links.group());
                    assertTrue(
                            links.group(2).isEmpty() || anchors(target).contains(links.group(2)),
                            () -> file + ": " + links.group());
                }
            }
        }
    }

    /** What a link to a heading of a file is called. */
    private static Set<String> anchors(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.matches("#+ .*"))
                    .map(line -> line.replaceFirst("#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\w -]", "")
                            .replace(' ', '-'))
                    .collect(Collectors.toSet());
        }
    }

    private static Map<String, Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(path -> path.toString().matches(".*/src/test/java/.*\\.java"))
                    // The long tests build the last version there, with its own tests.
                    .filter(path -> !path.toString().contains("/target/"))
                    .filter(path -> !path.endsWith("package-info.java"))
                    .collect(Collectors.toMap(path -> path.getFileName().toString(), Function.identity(), (a, _) -> a));
        }
    }
}
