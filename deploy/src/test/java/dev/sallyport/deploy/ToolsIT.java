package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sallyport.deploy.Chromium.Look;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that know nothing of this platform read what it writes, and it accepts what they write. */
class ToolsIT {

    private static final String PHONE = "+14155552674";

    @TempDir
    static Path folder;

    private static UpPlatform site;

    @BeforeAll
    static void start() {
        site = UpPlatform.start(folder);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void zbarimgReadsThePictureAndOathtoolComputesACodeThatIsAccepted() {
        SiteClient browser = signedUp("picture@example.com");
        browser.get("/enable-tfa-via-app");
        String uri = Programs.qrCode(browser.getBytes("/auth-qr-code.png").body());
        assertTrue(
                uri.matches("otpauth://totp/Sallyport:picture(@|%40)example\\.com\\?secret=[A-Z2-7]{32}"
                        + "&issuer=Sallyport&algorithm=SHA1&digits=6&period=30"),
                uri);
        try (Chromium chromium = new Chromium()) {
            for (Look look : Look.all()) {
                assertEquals(uri, Programs.qrCode(pictureOnThePage(chromium, browser, look)), look.toString());
            }
        }
        String code = Programs.appCode(uri.replaceAll(".*secret=([A-Z2-7]+).*", "$1"));
        assertEquals("/user?changed", SiteClient.location(browser.submit("/enable-tfa-via-app", "token", code)));
    }

    @Test
    void kcatShowsTheStoryOfAPerson() throws InterruptedException {
        String name = "story@example.com";
        SiteClient browser = signedUp(name);
        browser.get("/enable-tfa-via-app");
        String uri = Programs.qrCode(browser.getBytes("/auth-qr-code.png").body());
        String secret = uri.replaceAll(".*secret=([A-Z2-7]+).*", "$1");
        browser.submit("/enable-tfa-via-app", "token", Programs.appCode(secret));
        browser.submit("/enable-tfa-via-sms", "phone_number", PHONE);
        browser.submit("/enable-tfa-via-sms", "token", site.codes(PHONE, 1).getLast());
        browser.submit("/logout");
        browser.submit("/", "username", name, "password", "something else entirely");
        browser.submit("/", "username", name, "password", Person.PASSWORD);
        browser.submitFrom("/verify-tfa", "/verify-tfa/resend");
        String code = site.codes(PHONE, 2).getLast();
        assertEquals("/user", SiteClient.location(browser.submit("/verify-tfa", "token", code)));

        List<String> story = List.of(
                "account.created",
                "signed-in",
                "factor.bound",
                "sms.consented",
                "second-factor.sent",
                "factor.bound",
                "signed-out",
                "password.refused",
                "password.accepted",
                "second-factor.sent",
                "second-factor.accepted",
                "signed-in");
        Await.until(
                Duration.ofSeconds(10),
                () -> AuditTrail.read(site.kafka()).about(name).size() >= story.size());
        List<AuditTrail.Entry> told = AuditTrail.read(site.kafka()).about(name);
        assertEquals(story, told.stream().map(AuditTrail.Entry::type).toList());
        assertEquals(Set.of(site.account(name).getString("_id")), distinct(told, AuditTrail.Entry::key));
        assertEquals(
                story.size(),
                distinct(told, entry -> entry.headers().get("ce_id")).size());
        assertEquals(Set.of("1.0"), distinct(told, entry -> entry.headers().get("ce_specversion")));
        for (String unsaid : List.of(Person.PASSWORD, "something else", secret, PHONE.substring(2))) {
            assertFalse(told.toString().contains(unsaid), unsaid);
        }
    }

    private static Set<String> distinct(List<AuditTrail.Entry> entries, Function<AuditTrail.Entry, String> part) {
        return entries.stream().map(part).collect(Collectors.toSet());
    }

    /** What a person's phone sees: the picture as the page shows it. */
    private static byte[] pictureOnThePage(Chromium chromium, SiteClient browser, Look look) {
        try (BrowserContext window = chromium.window(site.url(), look, browser)) {
            Page page = window.newPage();
            page.navigate("/enable-tfa-via-app");
            return page.getByRole(AriaRole.IMG).screenshot();
        }
    }

    private static SiteClient signedUp(String name) {
        SiteClient browser = site.visitor();
        String[] account = {"username", name, "password1", Person.PASSWORD, "password2", Person.PASSWORD};
        assertEquals(303, browser.submit("/sign-up", account).statusCode());
        return browser;
    }
}
