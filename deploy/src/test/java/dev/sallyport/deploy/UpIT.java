package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.deploy.Chromium.Look;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./sallyport up} runs: everything in one process on embedded servers, with the phone screen. */
class UpIT {

    private static final String NUMBER = "+14155552671";

    @TempDir
    Path data;

    @Test
    void textsShowOnThePhoneScreenAndAccountsOutliveARestart() throws IOException {
        Map<String, String> environment = Map.of(
                "SALLYPORT_DATA_DIR", data.toString(),
                "SALLYPORT_HTTP_PORT", Integer.toString(freePort()),
                "SALLYPORT_MANAGEMENT_PORT", "0",
                "SALLYPORT_EMBEDDED_KAFKA_PORT", "0",
                "SALLYPORT_EMBEDDED_MONGO_PORT", "0");
        String[] account = {"username", "somebody", "password1", Person.PASSWORD, "password2", Person.PASSWORD};
        Platform first = start(environment);
        try (Chromium chromium = new Chromium()) {
            String site = "http://localhost:" + first.httpPort();
            SiteClient browser = new SiteClient(site);
            assertEquals(303, browser.submit("/sign-up", account).statusCode());
            HttpRequest.Builder head =
                    HttpRequest.newBuilder(browser.uri("/dev/phone/events")).HEAD();
            assertEquals(200, browser.send(head).statusCode());
            Page phone = chromium.page(site, Look.WIDE);
            phone.navigate("/dev/phone");
            browser.submit("/enable-tfa-via-sms", "phone_number", NUMBER);
            assertThat(phone.locator(".bubble")).containsText("is your code for Sallyport");
            for (Look look : Look.all()) {
                Page page = chromium.page(site, look);
                page.navigate("/dev/phone");
                assertEquals(List.of(), Chromium.barriers(page), look.toString());
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(Path.of("target", "screenshots", "_dev_phone-" + look + ".png")));
            }
            String code = phone.locator(".bubble").innerText().substring(0, 6);
            assertEquals(
                    303, browser.submit("/enable-tfa-via-sms", "token", code).statusCode());
        } finally {
            first.stop();
        }
        Platform second = start(environment);
        try {
            SiteClient browser = new SiteClient("http://localhost:" + second.httpPort());
            var response = browser.submit("/", "username", "somebody", "password", Person.PASSWORD);
            assertEquals("/verify-tfa", SiteClient.location(response));
            assertTrue(browser.get("/verify-tfa").body().contains("71"));
        } finally {
            second.stop();
        }
    }

    private static Platform start(Map<String, String> environment) {
        return Platform.start(ConfigFiles.read(environment, Path.of("no-file-here")), Clock.systemUTC());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
