package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sallyport.deploy.Chromium.Look;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who has read the README's five steps and nothing else goes through both doors, finding everything by what it
 * says on the page. The picture is read by zbarimg, the app is oathtool, the phone is the phone screen.
 */
@Tag("long")
class NewcomerIT {

    private static final String PASSWORD = "four old boats asleep";
    private static final Pattern SECRET = Pattern.compile("[?&]secret=([A-Z2-7]+)");
    private static final Pattern CODE = Pattern.compile("^(\\d{6}) ");

    /** How somebody works a page. */
    private interface Hands {

        void fill(Locator box, String text);

        void press(Locator thing);
    }

    private static final Hands MOUSE = new Hands() {
        @Override
        public void fill(Locator box, String text) {
            box.fill(text);
        }

        @Override
        public void press(Locator thing) {
            thing.click();
        }
    };

    private static final Hands KEYBOARD = new Hands() {
        @Override
        public void fill(Locator box, String text) {
            tabTo(box);
            box.page().keyboard().insertText(text);
        }

        @Override
        public void press(Locator thing) {
            tabTo(thing);
            thing.page().keyboard().press("Enter");
        }

        private void tabTo(Locator thing) {
            for (int stops = 0; stops < 30; stops++) {
                if (Boolean.TRUE.equals(thing.evaluate("element => element === document.activeElement"))) {
                    return;
                }
                thing.page().keyboard().press("Tab");
            }
            throw new AssertionError("can't be reached with the Tab key: " + thing);
        }
    };

    @TempDir
    static Path folder;

    private static UpPlatform site;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        site = UpPlatform.start(folder);
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        site.close();
    }

    @Test
    void getsThroughBothDoorsWithTheMouse() throws InterruptedException {
        try (BrowserContext window = chromium.window(site.url(), Look.WIDE)) {
            Walk walk = new Walk(window, MOUSE, "mouse-person", "(415) 555-2671");
            String used = walk.signUpAndAddBoth();
            walk.comeBack();
            Await.until(Duration.ofSeconds(40), () -> !walk.appCode().equals(used));
            walk.enter(walk.appCode(), "Continue");
            walk.assertInside();
        }
    }

    @Test
    void getsThroughBothDoorsWithTheKeyboardAlone() throws InterruptedException {
        try (BrowserContext window = chromium.window(site.url(), Look.WIDE)) {
            walkWithTexts(new Walk(window, KEYBOARD, "keyboard-person", "(415) 555-2672"));
        }
    }

    @Test
    void getsThroughBothDoorsWithoutScripts() throws InterruptedException {
        try (BrowserContext window = chromium.window(site.url(), Look.WITHOUT_SCRIPTS)) {
            walkWithTexts(new Walk(window, MOUSE, "plain-person@example.com", "(415) 555-2673"));
        }
    }

    private static void walkWithTexts(Walk walk) throws InterruptedException {
        walk.signUpAndAddBoth();
        walk.comeBack();
        walk.press(AriaRole.BUTTON, "Text me a code instead");
        walk.enter(walk.textedCode(), "Continue");
        walk.assertInside();
    }

    /** One person's way. */
    private static final class Walk {

        private final Page page;
        private final Page phone;
        private final Hands hands;
        private final String name;
        private final String number;
        private String key = "";
        private int texts;

        Walk(BrowserContext window, Hands hands, String name, String number) {
            this.page = window.newPage();
            this.phone = window.newPage();
            this.hands = hands;
            this.name = name;
            this.number = number;
        }

        /** Returns the code that the app was bound with. */
        String signUpAndAddBoth() throws InterruptedException {
            page.navigate("/sign-up");
            fill("User name", name);
            fill("Password", PASSWORD);
            fill("The same password again", PASSWORD);
            press(AriaRole.BUTTON, "Sign up");
            press(AriaRole.LINK, "Add an authenticator app");
            key = scanned();
            String code = appCode();
            enter(code, "Turn on");
            press(AriaRole.LINK, "Add a phone number");
            fill("Mobile number", number);
            press(AriaRole.BUTTON, "Text me a code");
            enter(textedCode(), "Confirm number");
            assertInside();
            return code;
        }

        void comeBack() {
            press(AriaRole.LINK, "Sign out");
            press(AriaRole.BUTTON, "Sign out");
            fill("User name", name);
            fill("Password", PASSWORD);
            press(AriaRole.BUTTON, "Sign in");
            assertHeading("Enter your code");
        }

        void enter(String code, String button) {
            fill("Code", code);
            press(AriaRole.BUTTON, button);
        }

        void assertInside() {
            assertHeading("Your account");
            assertThat(page.getByRole(AriaRole.MAIN)).containsText(name);
        }

        private void assertHeading(String text) {
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasText(text);
        }

        String appCode() {
            return Programs.appCode(key);
        }

        /** The code of the next message on the phone screen; a reload shows it without scripts too. */
        String textedCode() throws InterruptedException {
            texts++;
            Locator messages = phone.getByRole(AriaRole.LOG).getByRole(AriaRole.LISTITEM);
            Await.until(Duration.ofSeconds(10), () -> {
                phone.navigate("/dev/phone?number=%2B1" + number.replaceAll("[^0-9]", ""));
                return messages.count() == texts;
            });
            Matcher code = CODE.matcher(messages.last().innerText());
            if (!code.find()) {
                throw new AssertionError("no code in the message");
            }
            return code.group(1);
        }

        private String scanned() {
            Matcher secret =
                    SECRET.matcher(Programs.qrCode(page.getByRole(AriaRole.IMG).screenshot()));
            if (!secret.find()) {
                throw new AssertionError("no key in the picture");
            }
            return secret.group(1);
        }

        private void fill(String label, String text) {
            hands.fill(page.getByLabel(label, new Page.GetByLabelOptions().setExact(true)), text);
        }

        void press(AriaRole role, String name) {
            hands.press(page.getByRole(
                    role, new Page.GetByRoleOptions().setName(name).setExact(true)));
        }
    }
}
