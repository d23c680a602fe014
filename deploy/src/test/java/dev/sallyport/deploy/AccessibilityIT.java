package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.sallyport.deploy.Chromium.Look;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every page, narrow and wide, light and dark: axe-core finds nothing, and nothing is wider than the window. Leaves a
 * screenshot of each in {@code deploy/target/screenshots}.
 */
class AccessibilityIT {

    private static Chromium chromium;

    private final TestPlatform site = TestPlatform.shared();

    @BeforeAll
    static void open() {
        chromium = new Chromium();
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    static List<Look> looks() {
        return Look.all();
    }

    @ParameterizedTest
    @MethodSource("looks")
    void everyPageIsForEverybody(Look look) throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        person.bindApp();
        Person between = person.elsewhere();
        between.signIn();
        between.browser.submitFrom("/verify-tfa", "/verify-tfa/resend");
        Person binding = Person.signedUp(site);
        binding.browser.submit("/enable-tfa-via-sms", "phone_number", Person.stranger(site).phone);

        Map<String, Person> pages = Map.ofEntries(
                Map.entry("/", Person.stranger(site)),
                Map.entry("/sign-up", Person.stranger(site)),
                Map.entry("/no-such-page", Person.stranger(site)),
                Map.entry("/verify-tfa", between),
                Map.entry("/user", person),
                Map.entry("/user?changed", person),
                Map.entry("/user/sessions", person),
                Map.entry("/enable-tfa-via-app", person),
                Map.entry("/enable-tfa-via-sms?another", person),
                Map.entry("/enable-tfa-via-sms", binding),
                Map.entry("/confirm-password", person),
                Map.entry("/logout", person));
        for (Map.Entry<String, Person> entry : pages.entrySet()) {
            try (BrowserContext window = chromium.window(site.url(), look, entry.getValue().browser)) {
                check(window.newPage(), entry.getKey(), look);
            }
        }
    }

    private static void check(Page page, String path, Look look) {
        page.navigate(path);
        String name = path.replaceAll("[^a-z-]", "_") + "-" + look;
        page.screenshot(new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(Path.of("target", "screenshots", name + ".png")));
        assertEquals(List.of(), Chromium.barriers(page), path + " " + look);
        Object overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        assertEquals(0, Math.max(0, ((Number) overflow).intValue()), path + " is wider than " + look);
    }
}
