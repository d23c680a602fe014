package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.sallyport.deploy.Chromium.Look;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.SendCode;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody who waits for a message reads, in a real Chromium: live, and without scripts on reload. */
class NewsIT {

    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private static NewsSite site;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        site = NewsSite.start();
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        site.close();
    }

    private static BrowserContext window(Person person, Look look) {
        return chromium.window(site.platform().url(), look, person.browser);
    }

    private static Locator news(Page page) {
        return page.locator("[data-feed]");
    }

    /** What the page says when it is loaded now, without scripts; asked for until it says so. */
    private static void assertReloaded(Person person, String path, String text) throws InterruptedException {
        Await.until(A_WHILE, () -> person.browser.get(path).body().contains(text));
        try (BrowserContext window = window(person, Look.WITHOUT_SCRIPTS)) {
            Page page = window.newPage();
            page.navigate(path);
            assertThat(news(page)).containsText(text);
        }
    }

    @Test
    void deliveryIsSeenAsItHappensAndStaysSeen() throws Exception {
        Person person = site.waiting();
        SendCode order = site.order(person);
        try (BrowserContext window = window(person, Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/verify-tfa");
            assertThat(news(page)).containsText("is on its way to");
            double before = height(page);
            site.tell(order, Status.DELIVERED);
            assertThat(news(page)).containsText("was delivered to");
            assertThat(news(page)).containsText("••" + person.phone.substring(10));
            assertThat(news(page)).hasClass(Pattern.compile("good"));
            assertEquals(before, height(page), "nothing moves");
            site.tell(order, Status.SENT);
            assertReloaded(person, "/verify-tfa", "was delivered to");
            assertThat(news(page)).containsText("was delivered to");
            page.fill("[name=token]", site.code(order));
            page.press("[name=token]", "Enter");
            assertThat(page).hasURL(site.platform().url() + "/user");
        }
    }

    private static double height(Page page) {
        return page.locator("main").boundingBox().height;
    }

    @Test
    void aPhoneThatIsBeingBoundTellsAsWell() throws Exception {
        Person person = site.binding();
        SendCode order = site.order(person);
        try (BrowserContext window = window(person, Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/enable-tfa-via-sms");
            assertThat(news(page)).containsText("is on its way to");
            site.tell(site.outcome(order, Status.UNDELIVERED).because(FailureClass.NUMBER, "30006"));
            assertThat(news(page)).containsText("Use another number");
            assertReloaded(person, "/enable-tfa-via-sms", "Use another number");
        }
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(Status.UNDELIVERED, FailureClass.NOT_DELIVERED, "phone was not reached"),
                Arguments.of(Status.UNDELIVERED, FailureClass.NUMBER, "can’t be delivered to"),
                Arguments.of(Status.FAILED, FailureClass.CONSENT, "START"),
                Arguments.of(Status.FAILED, FailureClass.CONFIGURATION, "could not be sent"),
                Arguments.of(Status.EXPIRED, null, "could not be sent"),
                Arguments.of(Status.SUPPRESSED, null, "No more messages can be sent for now"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whatWillNotComeIsToldWithAnotherWay(Status status, FailureClass failure, String text) throws Exception {
        Person person = site.waiting();
        Outcome outcome = site.outcome(site.order(person), status);
        try (BrowserContext window = window(person, Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/verify-tfa");
            site.tell(failure == null ? outcome : outcome.because(failure, "1"));
            assertThat(news(page)).containsText(text);
            assertThat(news(page)).hasClass(Pattern.compile("bad"));
        }
        assertReloaded(person, "/verify-tfa", text);
    }

    @Test
    void aMessageThatNobodyTakesIsDelayedAfterAQuarterOfAMinute() throws Exception {
        Person person = site.waiting();
        site.platform().clock().advance(Duration.ofSeconds(13));
        try (BrowserContext window = window(person, Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/verify-tfa");
            assertThat(news(page)).containsText("is on its way to");
            assertThat(news(page)).containsText("is delayed");
            assertReloaded(person, "/verify-tfa", "is delayed");
            site.tell(site.order(person), Status.ACCEPTED);
            assertThat(news(page)).containsText("is on its way to");
        }
        site.platform().clock().advance(Duration.ofSeconds(60));
        assertReloaded(person, "/verify-tfa", "is on its way to");
    }

    @Test
    void whatNobodyKnowsIsNotToldAsIfItWereKnown() throws Exception {
        Person person = site.waiting();
        site.tell(site.outcome(site.order(person), Status.UNKNOWN).because(FailureClass.TIMEOUT, "timeout"));
        assertReloaded(person, "/verify-tfa", "is on its way to");
        site.platform().clock().advance(Duration.ofSeconds(60));
        assertReloaded(person, "/verify-tfa", "may not come any more");
    }

    @Test
    void onlyTheNewestMessageCounts() throws Exception {
        Person person = site.waiting();
        SendCode first = site.order(person);
        site.platform().clock().advance(Duration.ofSeconds(30));
        person.browser.submitFrom("/verify-tfa", "/verify-tfa/resend");
        SendCode second = site.order(person);
        assertFalse(first.messageId().equals(second.messageId()));
        assertEquals(first.challengeId(), second.challengeId());
        try (BrowserContext window = window(person, Look.WIDE)) {
            Page page = window.newPage();
            page.navigate("/verify-tfa");
            site.tell(first, Status.UNDELIVERED);
            site.tell(second, Status.SENT);
            site.tell(site.outcome(second, Status.UNDELIVERED).because(FailureClass.NOT_DELIVERED, "30003"));
            assertThat(news(page)).containsText("phone was not reached");
            assertReloaded(person, "/verify-tfa", "phone was not reached");
        }
    }

    @Test
    void whoseCodesNeverComeBackGetsNoMoreAndReadsWhy() throws Exception {
        Person person = site.waiting();
        for (int i = 1; i < 10; i++) {
            person.signIn();
        }
        assertTrue(person.browser.get("/verify-tfa").body().contains("is on its way to"));
        SendCode tenth = site.order(person);
        person.signIn();
        assertReloaded(person, "/verify-tfa", "No more messages can be sent for now");
        assertEquals(tenth.messageId(), site.order(person).messageId());
        site.platform().clock().advance(Duration.ofHours(24));
        person.signIn();
        assertReloaded(person, "/verify-tfa", "is on its way to");
    }
}
