package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.sallyport.deploy.Chromium.Look;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The comfort that scripts add to pages that work without them. */
class ScriptsIT {

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

    @Test
    void aPasswordCanBeLookedAtAndIsSentHidden() {
        try (BrowserContext window = chromium.window(site.url(), Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/sign-up");
            Locator first = page.locator("#password1");
            Locator again = page.locator("#password2");
            page.fill("#username", Person.stranger(site).name);
            first.fill(Person.PASSWORD);
            again.fill(Person.PASSWORD);
            button(page, "Show password").click();
            assertThat(first).hasAttribute("type", "text");
            assertThat(again).hasAttribute("type", "text");
            button(page, "Hide password").click();
            assertThat(first).hasAttribute("type", "password");
            button(page, "Show password").click();
            // An answer without content leaves the page to be looked at after it was sent.
            page.route("**/sign-up", route -> route.fulfill(new Route.FulfillOptions().setStatus(204)));
            again.press("Enter");
            assertThat(first).hasAttribute("type", "password");
            assertThat(again).hasAttribute("type", "password");
        }
    }

    @Test
    void theButtonForAnotherMessageCountsDownAndOpens() throws InterruptedException {
        Person person = Person.signedUp(site);
        person.bindPhone();
        Person between = person.elsewhere();
        between.signIn();
        try (BrowserContext window = chromium.window(site.url(), Look.WIDE, between.browser)) {
            Page page = window.newPage();
            page.clock().install();
            page.navigate("/verify-tfa");
            Locator button = button(page, "Text me another message");
            assertThat(button).isDisabled();
            assertThat(page.getByRole(AriaRole.MAIN)).containsText(Pattern.compile("in \\d+ seconds"));
            page.clock().fastForward("00:31");
            assertThat(button).isEnabled();
            assertThat(page.getByRole(AriaRole.STATUS)).hasText("You can ask for another message now.");
        }
    }

    @Test
    void pressingTwiceSendsOnce() {
        try (BrowserContext window = chromium.window(site.url(), Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/");
            page.fill("#username", "somebody");
            page.fill("#password", Person.PASSWORD);
            Object heldBack = page.evaluate("""
                    () => {
                        const heldBack = [];
                        window.addEventListener('submit', (event) => {
                            heldBack.push(event.defaultPrevented);
                            event.preventDefault();
                        });
                        const button = document.querySelector('form > button');
                        button.click();
                        button.click();
                        return heldBack;
                    }
                    """);
            assertEquals(List.of(false, true), heldBack);
        }
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }
}
