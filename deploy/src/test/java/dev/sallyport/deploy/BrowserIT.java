package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.Binarizer;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.MultiFormatReader;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.common.HybridBinarizer;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.sallyport.deploy.Chromium.Look;
import dev.sallyport.totp.Totp;
import dev.sallyport.totp.TotpSecret;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journeys in a real Chromium, with and without scripts. */
class BrowserIT {

    private static final Pattern SECRET = Pattern.compile("[?&]secret=([A-Z2-7]+)");

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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void throughBothDoorsWithAnApp(boolean scripts) throws IOException {
        Page page = chromium.page(site.url(), look(scripts));
        Person person = Person.stranger(site);
        signUp(page, person);
        page.navigate("/enable-tfa-via-app");
        TotpSecret key = scanned(page);
        String used = Totp.code(key, step()).value();
        fillCode(page, used);
        assertThat(page).hasURL(site.url() + "/user?changed");
        assertThat(page.locator("main")).containsText("Authenticator app");

        signOut(page);
        signIn(page, person);
        assertThat(page).hasURL(site.url() + "/verify-tfa");
        fillCode(page, used);
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("already used");
        site.clock().advance(Duration.ofSeconds(30));
        fillCode(page, Totp.code(key, step()).value());
        assertThat(page).hasURL(site.url() + "/user");
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void throughBothDoorsWithAPhone(boolean scripts) throws InterruptedException {
        Page page = chromium.page(site.url(), look(scripts));
        Person person = Person.stranger(site);
        signUp(page, person);
        page.navigate("/enable-tfa-via-sms");
        assertThat(page.locator("main")).containsText("STOP");
        assertThat(page.locator("main")).containsText("rates may apply");
        page.fill("[name=phone_number]", person.phone);
        submit(page, "phone_number");
        fillCode(page, person.receivedCode(1));
        assertThat(page).hasURL(site.url() + "/user?changed");
        assertThat(page.locator("main")).containsText(person.phone.substring(person.phone.length() - 2));

        signOut(page);
        signIn(page, person);
        assertThat(page).hasURL(site.url() + "/verify-tfa");
        fillCode(page, person.receivedCode(2));
        assertThat(page).hasURL(site.url() + "/user");
        page.context().close();
    }

    @Test
    void nothingOnThePagesBreaksTheirOwnPolicy() {
        Page page = chromium.page(site.url(), Look.WIDE);
        StringBuilder complaints = new StringBuilder();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("status of 4")) {
                complaints.append(message.text()).append('\n');
            }
        });
        signUp(page, Person.stranger(site));
        for (String path : List.of(
                "/user",
                "/user/sessions",
                "/enable-tfa-via-app",
                "/enable-tfa-via-sms",
                "/confirm-password",
                "/logout",
                "/no")) {
            page.navigate(path);
        }
        assertEquals("", complaints.toString());
        page.context().close();
    }

    private void signUp(Page page, Person person) {
        page.navigate("/sign-up");
        page.fill("[name=username]", person.name);
        page.fill("[name=password1]", Person.PASSWORD);
        page.fill("[name=password2]", Person.PASSWORD);
        submit(page, "password2");
        assertThat(page).hasURL(site.url() + "/user");
    }

    private static void signIn(Page page, Person person) {
        page.navigate("/");
        page.fill("[name=username]", person.name);
        page.fill("[name=password]", Person.PASSWORD);
        submit(page, "password");
    }

    private void signOut(Page page) {
        page.navigate("/logout");
        page.locator("form[action='/logout'] button").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("You are signed out.");
    }

    private static void fillCode(Page page, String code) {
        page.fill("[name=token]", code);
        submit(page, "token");
    }

    /** Presses Enter in a field, as people do. */
    private static void submit(Page page, String field) {
        page.press("[name=" + field + "]", "Enter");
    }

    /** The key in the page's own picture, read by a QR reader. */
    private static TotpSecret scanned(Page page) throws IOException {
        byte[] png = page.locator("img[src^='/auth-qr-code.png']").screenshot();
        Matcher uri = SECRET.matcher(decoded(ImageIO.read(new ByteArrayInputStream(png))));
        assertTrue(uri.find());
        return TotpSecret.parse(uri.group(1)).orElseThrow();
    }

    /** As a phone is held nearer until its reader finds the picture, which some perfect ones take. */
    private static String decoded(BufferedImage image) {
        for (int times = 1; times <= 4; times++) {
            Optional<String> text = decoded(nearer(image, times), DecodeHintType.TRY_HARDER)
                    .or(() -> decoded(image, DecodeHintType.PURE_BARCODE));
            if (text.isPresent()) {
                return text.get();
            }
        }
        throw new AssertionError("no QR code in the picture");
    }

    private static BufferedImage nearer(BufferedImage image, int times) {
        int width = times * image.getWidth();
        int height = times * image.getHeight();
        BufferedImage near = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        near.createGraphics().drawImage(image, 0, 0, width, height, null);
        return near;
    }

    private static Optional<String> decoded(BufferedImage image, DecodeHintType hint) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        RGBLuminanceSource source = new RGBLuminanceSource(width, height, pixels);
        for (Binarizer binarizer : List.of(new HybridBinarizer(source), new GlobalHistogramBinarizer(source))) {
            try {
                Map<DecodeHintType, Object> hints =
                        Map.of(hint, true, DecodeHintType.POSSIBLE_FORMATS, List.of(BarcodeFormat.QR_CODE));
                return Optional.of(new MultiFormatReader()
                        .decode(new BinaryBitmap(binarizer), hints)
                        .getText());
            } catch (NotFoundException e) {
                // The other may find it.
                continue;
            }
        }
        return Optional.empty();
    }

    private long step() {
        return Totp.step(site.clock().instant());
    }

    private static Look look(boolean scripts) {
        return scripts ? Look.WIDE : Look.WITHOUT_SCRIPTS;
    }
}
