package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sallyport.deploy.Chromium.Look;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Pages on which something was wrong, on the smallest screen: the title says so first, the alert is in sight and belongs
 * to the box that is to be mended, and typing can go on there at once.
 */
class ProblemPagesIT {

    private static final Look SMALL = Look.all().getFirst();
    private static final Pattern PROBLEM = Pattern.compile("^Problem: ");

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
    void aWrongPasswordLeavesTheNameAndWaitsForAnother() {
        Person person = Person.signedUp(site);
        try (BrowserContext window = chromium.window(site.url(), SMALL)) {
            Page page = window.newPage();
            page.navigate("/");
            box(page, "User name").fill(person.name);
            box(page, "Password").fill("certainly not this one");
            box(page, "Password").press("Enter");
            assertTells(page, "Password", "wrong");
            assertThat(box(page, "User name")).hasValue(person.name);
            assertThat(box(page, "Password")).hasValue("");
        }
    }

    @Test
    void tooManyTriesSayHowLongToWait() {
        Person person = Person.signedUp(site).elsewhere();
        for (int wait : new int[] {0, 0, 0, 0, 0, 1, 2, 4, 8, 16}) {
            site.clock().advance(Duration.ofSeconds(wait));
            person.signIn("certainly not this one");
        }
        try (BrowserContext window = chromium.window(site.url(), SMALL)) {
            Page page = window.newPage();
            page.navigate("/");
            box(page, "User name").fill(person.name);
            box(page, "Password").fill(Person.PASSWORD);
            box(page, "Password").press("Enter");
            assertTells(page, "Password", "Wait");
        }
    }

    @Test
    void aSignUpPointsAtTheFirstBoxToMend() {
        Person owner = Person.signedUp(site);
        try (BrowserContext window = chromium.window(site.url(), SMALL)) {
            Page page = window.newPage();
            signUp(page, owner.name, Person.PASSWORD, Person.PASSWORD);
            assertMends(page, "User name", "taken");
            signUp(page, Person.stranger(site).name, "a".repeat(20), Person.PASSWORD);
            assertMends(page, "Password", "");
            signUp(page, Person.stranger(site).name, Person.PASSWORD, Person.PASSWORD + "!");
            assertMends(page, "Password", "not the same");
            assertThat(box(page, "The same password again")).hasAttribute("aria-invalid", "true");
        }
    }

    @Test
    void aWrongCodeIsToldBesideItsBox() {
        Person person = Person.signedUp(site);
        try (BrowserContext window = chromium.window(site.url(), SMALL, person.browser)) {
            Page page = window.newPage();
            page.navigate("/enable-tfa-via-app");
            enter(page, "000000");
            assertMends(page, "Code", "code");
        }
        person.bindApp();
        Person between = person.elsewhere();
        between.signIn();
        try (BrowserContext window = chromium.window(site.url(), SMALL, between.browser)) {
            Page page = window.newPage();
            page.navigate("/verify-tfa");
            enter(page, "000000");
            assertMends(page, "Code", "wrong");
        }
    }

    @Test
    void aRefusedNumberIsThereToBeMended() {
        Person person = Person.signedUp(site);
        try (BrowserContext window = chromium.window(site.url(), SMALL, person.browser)) {
            Page page = window.newPage();
            page.navigate("/enable-tfa-via-sms");
            box(page, "Mobile number").fill("+44 7911 123456");
            box(page, "Mobile number").press("Enter");
            assertMends(page, "Mobile number", "country");
            assertThat(box(page, "Mobile number")).hasValue("+44 7911 123456");
        }
    }

    @Test
    void aWrongPasswordBeforeAChangeIsToldBesideItsBox() {
        Person person = Person.signedUp(site);
        try (BrowserContext window = chromium.window(site.url(), SMALL, person.browser)) {
            Page page = window.newPage();
            page.navigate("/confirm-password");
            assertThat(page.locator("input[autocomplete=username]")).hasValue(person.name);
            box(page, "Password").fill("certainly not this one");
            box(page, "Password").press("Enter");
            assertMends(page, "Password", "not your password");
        }
    }

    @Test
    void whatCannotBeAnsweredLeadsOn() {
        try (BrowserContext window = chromium.window(site.url(), SMALL)) {
            Page page = window.newPage();
            page.navigate("/no-such-page");
            assertThat(page).hasTitle(Pattern.compile("^There is nothing here"));
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Go to the first page"))
                    .click();
            assertThat(page).hasURL(site.url() + "/");
            window.clearCookies();
            box(page, "User name").fill("somebody");
            box(page, "Password").fill(Person.PASSWORD);
            box(page, "Password").press("Enter");
            assertThat(page).hasTitle(Pattern.compile("^This page was too old"));
            assertThat(page.getByRole(AriaRole.MAIN)).containsText("reload the page");
        }
    }

    private static void signUp(Page page, String name, String password, String again) {
        page.navigate("/sign-up");
        box(page, "User name").fill(name);
        box(page, "Password").fill(password);
        box(page, "The same password again").fill(again);
        box(page, "The same password again").press("Enter");
    }

    private static void enter(Page page, String code) {
        box(page, "Code").fill(code);
        box(page, "Code").press("Enter");
    }

    /** The box is wrong, and it is the one to go on at. */
    private static void assertMends(Page page, String label, String sentence) {
        assertTells(page, label, sentence);
        assertThat(box(page, label)).hasAttribute("aria-invalid", "true");
    }

    /** The problem is told, is in sight together with the box, and the box is described by it and has the focus. */
    private static void assertTells(Page page, String label, String sentence) {
        assertThat(page).hasTitle(PROBLEM);
        Locator box = box(page, label);
        assertThat(box).isFocused();
        List<String> described = List.of(box.getAttribute("aria-describedby").split(" "));
        Locator alert = page.locator("#" + described.getFirst());
        assertThat(alert).hasAttribute("role", "alert");
        assertThat(alert).containsText(sentence);
        assertThat(alert).isInViewport();
        assertThat(box).isInViewport();
    }

    private static Locator box(Page page, String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }
}
