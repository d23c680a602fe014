package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.audit.AuditType;
import dev.sallyport.authz.http.CheckOutcome;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What dashboards, alerts and the scaler ask for is what the processes tell. */
class ObservabilityIT {

    private static final Path FOLDER = Path.of("observability");
    private static final Pattern METRIC = Pattern.compile("sallyport_[a-z_]+");
    private static final List<String> FILES = List.of("alerts.yaml", "grafana-sms.json", "grafana-web.json");
    private static final Pattern SMS_SERIES = Pattern.compile("(sallyport_sms_\\w+)\\{([^{}]+)}");
    private static final Pattern LABEL = Pattern.compile("\\b(?:type|outcome)=\"[^\"]+\"");

    @Test
    void everyMetricThatIsAskedForIsToldWithItsMeaning() throws Exception {
        TestPlatform site = TestPlatform.shared();
        Person.signedUp(site).bindPhone();
        String scraped = scrape(site.platform().managementPort());
        // Its dispatcher takes a share of the orders, so it comes after the text.
        try (TestPlatform guarding = TestPlatform.start(Map.of("SALLYPORT_AUTHZ_RULES_WIKI_HOST", "wiki.localhost"))) {
            scraped += scrape(guarding.platform().managementPort());
        }
        Set<String> told = new TreeSet<>();
        METRIC.matcher(scraped).results().forEach(found -> told.add(found.group()));
        Set<String> missing = new TreeSet<>(asked());
        missing.removeAll(told);
        assertEquals(Set.of(), missing);
        for (String metric : told) {
            String family = metric.replaceFirst("_(bucket|count|sum|max|total)$", "");
            assertTrue(scraped.contains("# HELP " + family), metric + " has no help");
        }
        assertAskedSeriesAre(scraped.lines().toList());
    }

    /** All that a dispatcher counts it tells from its start, at zero. */
    private static void assertAskedSeriesAre(List<String> scraped) throws IOException {
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (String name : FILES) {
            for (MatchResult series : SMS_SERIES.matcher(text(name)).results().toList()) {
                for (String label : series.group(2).split(",", -1)) {
                    count++;
                    if (scraped.stream()
                            .noneMatch(line -> line.startsWith(series.group(1) + '{') && line.contains(label))) {
                        missing.add(series.group(1) + " with " + label);
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(count > 8, count + " labels are asked for");
    }

    private static String text(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name)).replace("\\\"", "\"");
    }

    @Test
    void theFilesAreWhatTheySeemToBe() throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        for (String name : new String[] {"alerts.yaml", "keda.yaml"}) {
            assertTrue(yaml.load(Files.readString(FOLDER.resolve(name))) instanceof java.util.Map<?, ?>, name);
        }
        for (String name : List.of("grafana-sms.json", "grafana-web.json")) {
            JsonObject board = new JsonObject(Files.readString(FOLDER.resolve(name)));
            assertTrue(board.getJsonArray("panels").size() > 8, name);
        }
    }

    @Test
    void noTwoAlertsAskTheSame() throws IOException {
        List<String> expressions = Files.readAllLines(FOLDER.resolve("alerts.yaml")).stream()
                .filter(line -> line.strip().startsWith("expr:"))
                .toList();
        assertTrue(expressions.size() > 10, expressions::toString);
        assertEquals(expressions.stream().distinct().toList(), expressions);
    }

    @Test
    void theEventsAndAnswersThatAreAskedForExist() throws IOException {
        Set<String> known = new TreeSet<>();
        Stream.of(AuditType.values()).forEach(type -> known.add("type=\"" + type.cloudEventsType() + '"'));
        Stream.of(CheckOutcome.values()).forEach(outcome -> known.add("outcome=\"" + outcome.id() + '"'));
        List<String> asked = new ArrayList<>();
        for (String name : FILES) {
            LABEL.matcher(text(name)).results().map(MatchResult::group).forEach(asked::add);
        }
        assertTrue(asked.size() > 5, asked::toString);
        assertEquals(
                List.of(),
                asked.stream().filter(label -> !known.contains(label)).toList());
    }

    private static Set<String> asked() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                METRIC.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group()));
            }
        }
        return names;
    }

    private static String scrape(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }
}
