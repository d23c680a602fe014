package dev.sallyport.web;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {

    private static final String HOSTILE = "\"><script>alert(1)</script>'`&{{brand}}";

    private static Vertx vertx;
    private static Pages pages;

    @BeforeAll
    static void compile() {
        vertx = Vertx.vertx();
        pages = new Pages(vertx);
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    static List<PageStates.State> states() {
        return PageStates.all();
    }

    @Test
    void thereIsAStateOfEveryPage() {
        assertEquals(
                new HashSet<>(Pages.NAMES),
                states().stream().map(PageStates.State::page).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("states")
    void aPageIsAWholeDocumentWithOneHeading(PageStates.State state) {
        var html = render(state);

        assertAll(
                () -> assertTrue(html.startsWith("<!doctype html>\n<html lang=\"en\">"), html),
                () -> assertTrue(html.stripTrailing().endsWith("</html>"), html),
                () -> assertEquals(1, all("<h1>[^<]+</h1>", html).size(), html),
                () -> assertEquals(1, all("<main>", html).size(), html),
                () -> assertEquals(
                        1,
                        all("<title>\\S[^<]* · " + state.context().get("brand") + "</title>", html)
                                .size(),
                        html),
                () -> assertFalse(html.contains("{{") || html.contains("}}"), html));
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyFormPostsWithTheCsrfToken(PageStates.State state) {
        for (var form : all("<form(.*?)</form>", render(state))) {
            assertTrue(form.group().startsWith("<form method=\"post\" action=\"/"), form.group());
            assertTrue(
                    form.group().contains("<input type=\"hidden\" name=\"csrf\" value=\"csrf-token-1\">"),
                    form.group());
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void nothingIsInlineAndNothingComesFromElsewhere(PageStates.State state) {
        var html = render(state);

        assertEquals(List.of(), found("\\sstyle=|<style|\\son[a-z]+=|javascript:|data:[a-z]", html));
        assertEquals(List.of(), found("<script(?![^>]* src=)[^>]*>|<script[^>]*>[^<]", html));
        for (var address : all("(?:href|src|action)=\"([^\"]*)\"", html)) {
            assertTrue(address.group(1).matches("/(?!/).*|otpauth:.*"), address.group());
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void idsAreUniqueAndEveryReferenceMeetsOne(PageStates.State state) {
        var html = render(state);
        var ids = all("\\sid=\"([^\"]*)\"", html).stream()
                .map(match -> match.group(1))
                .toList();

        assertEquals(ids.size(), new HashSet<>(ids).size(), ids.toString());
        for (var reference : all("\\s(?:for|aria-[a-z]+by|aria-controls)=\"([^\"]*)\"", html)) {
            for (var id : reference.group(1).split(" ", -1)) {
                assertTrue(ids.contains(id), reference.group());
            }
        }
        for (var input : all("<input(?![^>]*(?: hidden>|type=\"hidden\"))[^>]* id=\"([^\"]*)\"", html)) {
            assertTrue(html.contains("<label for=\"" + input.group(1) + "\">"), input.group());
        }
    }

    /** What password managers and keyboards of phones go by. */
    @ParameterizedTest
    @MethodSource("states")
    void everyBoxTellsWhatBelongsIntoIt(PageStates.State state) {
        for (var input : all("<input[^>]* name=\"(?!csrf|next|session|site)([^\"]*)\"[^>]*>", render(state))) {
            var wanted = Map.of(
                            "username", "autocomplete=\"username\"",
                            "password", "autocomplete=\"current-password\"",
                            "password1", "autocomplete=\"new-password\"",
                            "password2", "autocomplete=\"new-password\"",
                            "token", "inputmode=\"numeric\" autocomplete=\"one-time-code\"",
                            "phone_number", "autocomplete=\"tel\"")
                    .get(input.group(1));
            assertTrue(input.group().contains(String.valueOf(wanted)), input.group());
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void aProblemIsAnAlertAndInTheTitle(PageStates.State state) {
        var html = render(state);

        for (var key : List.of("problem", "usernameProblem", "passwordProblem", "repeatProblem")) {
            if (state.context().get(key) instanceof String problem) {
                assertTrue(html.contains("role=\"alert\">" + problem + "</p>"), html);
                assertTrue(html.contains("<title>Problem: "), html);
            }
        }
        assertEquals(html.contains("role=\"alert\""), html.contains("<title>Problem: "), html);
    }

    @ParameterizedTest
    @MethodSource("states")
    void textIsNeverMarkup(PageStates.State state) {
        var harmless = pages.render(state.page(), replaced(state.context(), "harmless"));
        var hostile =
                pages.render(state.page(), replaced(state.context(), HOSTILE)).toString();

        assertEquals(marks(harmless.toString()), marks(hostile), hostile);
    }

    @Test
    void aScriptInAUserNameIsText() {
        var html = pages.render("sign-in", PageStates.context("username", "<script>alert(1)</script>"))
                .toString();

        assertTrue(html.contains("value=\"&lt;script&gt;alert(1)&lt;/script&gt;\""), html);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void noTemplateSwitchesEscapingOff(String name) {
        assertEquals(List.of(), found("\\{\\{\\{|\\{\\{&", source(name)));
    }

    @ParameterizedTest
    @MethodSource("pageNames")
    void aPageReadsExactlyWhatItDeclares(String page) {
        var asked = new TreeSet<String>();
        var found = new TreeSet<String>();
        for (var state : states()) {
            if (state.page().equals(page)) {
                pages.render(page, new Recording(state.context(), "", asked, found));
            }
        }
        var everywhere = declared("layout", "Reads");
        var internal = Stream.of("layout", "partials/code", "partials/news", "partials/resend")
                .flatMap(name -> declared(name, "Takes").stream())
                .collect(Collectors.toSet());
        internal.addAll(List.of("size", "empty"));
        // A map that is read into is also asked for as a whole.
        var own = declared(page, "Reads");
        own.stream().filter(key -> key.contains(".")).toList().forEach(key -> own.add(key.replaceFirst("\\..*", "")));

        assertAll(
                () -> assertEquals(Set.of(), minus(own, asked), "declared, never read"),
                () -> assertEquals(Set.of(), minus(own, found), "read, in no state"),
                () -> assertEquals(Set.of(), minus(minus(minus(asked, own), everywhere), internal), "not declared"));
    }

    @Test
    void aPlusInANumberSurvivesTheAddress() {
        var html = pages.render("phone", PageStates.context("numbers", List.of(Map.of("number", "+12015550123"))))
                .toString();

        assertTrue(html.contains("href=\"/dev/phone?number=%2B12015550123\""), html);
    }

    @Test
    void aButtonWaitsOnlyInTheScript() {
        var html = render(state("verify-tfa", "waiting"));

        assertTrue(html.contains("You can ask for another message in 28 seconds."), html);
        assertFalse(html.contains("disabled"), html);
    }

    @Test
    void newsAreReadOutCalmlyAndHeardLiveWhereThereAreAny() {
        var waiting = render(state("verify-tfa", "waiting"));
        assertTrue(waiting.contains("aria-live=\"polite\" data-feed=\"/verify-tfa/news\""), waiting);
        assertTrue(waiting.contains("news.js\"></script>"), waiting);
        var binding = render(state("enable-sms-code", "delivered"));
        assertTrue(binding.contains("data-feed=\"/enable-tfa-via-sms/news\""), binding);
        assertFalse(render(state("verify-tfa", "app")).contains("news"));
    }

    @Test
    void theLastRequiredFactorHasNoWayOut() {
        assertAll(
                () -> assertFalse(render(state("user", "app, required")).contains("/disable-tfa-via-app")),
                () -> assertFalse(render(state("user", "phone, required")).contains("/disable-tfa-via-sms")),
                () -> assertTrue(render(state("user", "both")).contains("action=\"/disable-tfa-via-app\"")),
                () -> assertTrue(render(state("user", "both")).contains("action=\"/disable-tfa-via-sms\"")));
    }

    @Test
    void thePhoneScreenIsLinkedInTryOutModeOnly() {
        assertTrue(render(state("sign-in", "try-out")).contains("href=\"/dev/phone\""));
        assertFalse(render(state("sign-in", "fresh")).contains("/dev/phone"));
    }

    @Test
    void anUnknownPageIsAMistakeOfTheProgram() {
        assertThrows(IllegalStateException.class, () -> pages.render("no-such-page", Map.of()));
    }

    @Test
    void manyThreadsRenderWithoutMixing() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (var state : states()) {
                var alone = render(state);
                for (int i = 0; i < 20; i++) {
                    tasks.add(() -> alone.equals(render(state)));
                }
            }
            for (var same : threads.invokeAll(tasks)) {
                assertTrue(same.get());
            }
        }
    }

    static List<String> pageNames() {
        return Pages.NAMES;
    }

    static Stream<String> templates() {
        return Stream.concat(
                Pages.NAMES.stream(),
                Stream.of("layout", "partials/code", "partials/news", "partials/resend", "partials/reveal"));
    }

    private static PageStates.State state(String page, String name) {
        return states().stream()
                .filter(state -> state.page().equals(page) && state.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String render(PageStates.State state) {
        return pages.render(state.page(), state.context()).toString();
    }

    private static String source(String template) {
        return new String(ClassPathFile.read("/pages/" + template + ".hbs"), StandardCharsets.UTF_8);
    }

    private static List<MatchResult> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).results().toList();
    }

    private static List<String> found(String pattern, String text) {
        return all(pattern, text).stream().map(MatchResult::group).toList();
    }

    private static String marks(String html) {
        return html.replaceAll("[^<>\"]", "");
    }

    private static Set<String> declared(String template, String word) {
        return all(word + ": ([a-zA-Z0-9., ]+)", source(template)).stream()
                .flatMap(match -> Stream.of(match.group(1).strip().split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> minus(Set<String> from, Set<String> what) {
        var rest = new TreeSet<>(from);
        rest.removeAll(what);
        return rest;
    }

    private static Map<String, Object> replaced(Map<String, Object> context, String text) {
        var copy = new HashMap<String, Object>();
        context.forEach((key, value) -> copy.put(key, replaced(value, text)));
        return copy;
    }

    private static Object replaced(Object value, String text) {
        return switch (value) {
            case String ignored -> text;
            case List<?> list -> list.stream().map(item -> replaced(item, text)).toList();
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> replaced(entry.getValue(), text)));
            default -> value;
        };
    }

    /** Writes down which keys a template asks for and which of them it gets, with the path to them. */
    private static final class Recording extends HashMap<String, Object> {

        private final String path;
        private final transient Set<String> asked;
        private final transient Set<String> found;

        Recording(Map<?, ?> context, String path, Set<String> asked, Set<String> found) {
            this.path = path;
            this.asked = asked;
            this.found = found;
            context.forEach((key, value) -> put((String) key, recording(path + key + ".", value)));
        }

        private Object recording(String below, Object value) {
            return switch (value) {
                case Map<?, ?> map -> new Recording(map, below, asked, found);
                case List<?> list ->
                    list.stream().map(item -> recording(below, item)).toList();
                default -> value;
            };
        }

        @Override
        public Object get(Object key) {
            asked.add(path + key);
            if (containsKey(key)) {
                found.add(path + key);
            }
            return super.get(key);
        }
    }
}
