package dev.sallyport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.SallyportConfig.AuthzRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthzSettingsTest {

    @TempDir
    Path folder;

    @Test
    void withoutRulesNobodyIsAnswered() {
        SallyportConfig config = read(Map.of());
        assertEquals(9091, config.authz().port());
        assertFalse(config.answersProxies());
    }

    @Test
    void rulesOfTheFileAndTheEnvironmentAreTheSame() throws IOException {
        Map<String, AuthzRule> written = read(Map.of(
                        "SALLYPORT_AUTHZ_RULES_WIKI_HOST", "wiki.example.com",
                        "SALLYPORT_AUTHZ_RULES_WIKI_ADMIN_HOST", "wiki.example.com",
                        "SALLYPORT_AUTHZ_RULES_WIKI_ADMIN_PATH", "/admin",
                        "SALLYPORT_AUTHZ_RULES_WIKI_ADMIN_METHODS", "POST,DELETE",
                        "SALLYPORT_AUTHZ_RULES_WIKI_ADMIN_AAL", "2",
                        "SALLYPORT_AUTHZ_RULES_WIKI_ADMIN_MAX_AGE", "15m"))
                .authz()
                .rules();
        assertEquals(
                Map.of(
                        "wiki",
                        new AuthzRule("wiki.example.com", "/", Set.of(), 1, Optional.empty()),
                        "wiki-admin",
                        new AuthzRule(
                                "wiki.example.com",
                                "/admin",
                                Set.of("POST", "DELETE"),
                                2,
                                Optional.of(Duration.ofMinutes(15)))),
                written);
        Files.writeString(folder.resolve("sallyport.yaml"), """
                sallyport:
                  authz:
                    rules:
                      wiki:
                        host: wiki.example.com
                      wiki-admin:
                        host: wiki.example.com
                        path: /admin
                        methods: [POST, DELETE]
                        aal: 2
                        max-age: 15m
                """);
        assertEquals(written, read(Map.of()).authz().rules());
        assertTrue(read(Map.of()).answersProxies());
        assertFalse(read(Map.of("SALLYPORT_AUTHZ_PORT", "0")).authz().rules().isEmpty());
    }

    @Test
    void whatIsShownCanBeReadAgain() {
        Map<String, String> rule = Map.of(
                "SALLYPORT_AUTHZ_RULES_WIKI_HOST", "wiki.example.com", "SALLYPORT_AUTHZ_RULES_WIKI_MAX_AGE", "1h");
        List<String> shown = ConfigFiles.effective(read(rule)).lines().toList();
        assertTrue(shown.contains("sallyport.authz.rules.wiki.host: wiki.example.com"), shown::toString);
        assertTrue(shown.contains("sallyport.authz.rules.wiki.max-age: 1h"), shown::toString);
    }

    @Test
    void allThatIsWrongWithRulesIsToldAtOnce() {
        List<String> problems = problems(Map.of(
                "SALLYPORT_AUTHZ_RULES_A_HOST", "https://wiki.example.com/",
                "SALLYPORT_AUTHZ_RULES_B_HOST", "Wiki.example.com",
                "SALLYPORT_AUTHZ_RULES_C_HOST", "localhost:8080",
                "SALLYPORT_AUTHZ_RULES_D_HOST", "wiki.example.com:80",
                "SALLYPORT_AUTHZ_RULES_E_HOST", "wiki.example.com",
                "SALLYPORT_AUTHZ_RULES_E_PATH", "/a/../b",
                "SALLYPORT_AUTHZ_RULES_E_METHODS", "post",
                "SALLYPORT_AUTHZ_RULES_E_AAL", "3",
                "SALLYPORT_AUTHZ_RULES_E_MAX_AGE", "5s"));
        assertEquals(8, problems.size(), problems.toString());
        for (String named :
                List.of("A_HOST", "B_HOST", "C_HOST", "D_HOST", "E_PATH", "E_METHODS", "E_AAL", "E_MAX_AGE")) {
            assertHas(problems, "SALLYPORT_AUTHZ_RULES_" + named);
        }
        assertHas(
                problems(Map.of(
                        "SALLYPORT_AUTHZ_RULES_A_HOST", "wiki.example.com", "SALLYPORT_AUTHZ_RULES_A_PHAT", "/admin")),
                "SALLYPORT_AUTHZ_RULES_A_PHAT is not a setting; did you mean SALLYPORT_AUTHZ_RULES_A_PATH?");
    }

    @Test
    void aRuleThatIsOnlyHalfThereIsToldWithAllElse() {
        assertEquals(
                List.of(
                        "SALLYPORT_AUTHZ_RULES_WIKI_MAX_AGE is set and SALLYPORT_AUTHZ_RULES_WIKI_HOST is not; set that"
                                + " too.",
                        "SALLYPORT_AUTHZ_RULES_WIKI_PATH is set and SALLYPORT_AUTHZ_RULES_WIKI_HOST is not; set that"
                                + " too."),
                problems(Map.of(
                        "SALLYPORT_AUTHZ_RULES_WIKI_PATH", "/admin", "SALLYPORT_AUTHZ_RULES_WIKI_MAX_AGE", "1m")));
        List<String> problems = problems(Map.of(
                "SALLYPORT_AUTHZ_RULES_A_HOST", "wiki.example.com",
                "SALLYPORT_AUTHZ_RULES_A_AAL", "3",
                "SALLYPORT_AUTHZ_RULES_A_PHAT", "/admin",
                "SALLYPORT_AUTHZ_RULES_B_PATH", "/admin",
                "SALLYPORT_PHONE_REGIONS", "US,UK"));
        assertEquals(4, problems.size(), problems.toString());
        assertHas(problems, "B_HOST is not; set that too");
        assertHas(problems, "A_PHAT is not a setting");
        assertHas(problems, "A_AAL must be 1 or 2");
        assertHas(problems, "Unknown phone regions [UK]");
    }

    @Test
    void noRuleHasANameThatEventsUseOtherwise() {
        for (String name : List.of("none", "strictest")) {
            String variable = "SALLYPORT_AUTHZ_RULES_" + name.toUpperCase(Locale.ROOT) + "_HOST";
            assertHas(problems(Map.of(variable, "wiki.example.com")), "A rule can't be called " + name);
        }
    }

    @Test
    void protectedSitesNeedHttpsAndAPortOfTheirOwn() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SALLYPORT_AUTHZ_RULES_A_HOST", "wiki.example.com",
                "SALLYPORT_AUTHZ_PORT", "8080"));
        assertHas(problems(settings), "SALLYPORT_AUTHZ_PORT is that of the pages or of the management");
        settings.put("SALLYPORT_AUTHZ_PORT", "9091");
        settings.put("SALLYPORT_PUBLIC_URL", "http://login.example.com");
        assertHas(problems(settings), "protect sites, whose cookies need https");
    }

    private SallyportConfig read(Map<String, String> environment) {
        return ConfigFiles.read(environment, folder);
    }

    private List<String> problems(Map<String, String> environment) {
        return assertThrows(ConfigProblems.class, () -> read(environment)).problems();
    }

    private static void assertHas(List<String> problems, String sentence) {
        assertTrue(problems.stream().anyMatch(problem -> problem.contains(sentence)), problems.toString());
    }
}
