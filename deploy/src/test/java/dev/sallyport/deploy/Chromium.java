package dev.sallyport.deploy;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real Chromium without a window. */
final class Chromium implements AutoCloseable {

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(executable())
                    .setArgs(List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));

    /** How a person sees the site. */
    record Look(int width, ColorScheme colors, boolean scripts) {

        static final Look WIDE = new Look(1280, ColorScheme.LIGHT, true);
        static final Look WITHOUT_SCRIPTS = new Look(1280, ColorScheme.LIGHT, false);

        static List<Look> all() {
            List<Look> looks = new ArrayList<>();
            for (int width : new int[] {360, 1280}) {
                for (ColorScheme colors : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                    looks.add(new Look(width, colors, true));
                }
            }
            return looks;
        }

        @Override
        public String toString() {
            return width + "-" + colors.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What axe-core has against a page; its own way through frames of other sites, of which we have none, takes a second. */
    static List<Rule> barriers(Page page) {
        return new AxeBuilder(page).setLegacyMode(true).analyze().getViolations();
    }

    /** A window of somebody new: no cookies yet. Closing its context closes it. */
    BrowserContext window(String site, Look look) {
        return browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(site)
                .setViewportSize(look.width(), 900)
                .setColorScheme(look.colors())
                .setJavaScriptEnabled(look.scripts()));
    }

    /** A window of somebody who has been on the site before, with that browser's cookies. */
    BrowserContext window(String site, Look look, SiteClient before) {
        BrowserContext window = window(site, look);
        List.of("sallyport-session", "sallyport-challenge", "sallyport-browser").forEach(name -> before.cookie(name)
                .ifPresent(value -> window.addCookies(List.of(new Cookie(name, value).setUrl(site)))));
        return window;
    }

    Page page(String site, Look look) {
        return window(site, look).newPage();
    }

    @Override
    public void close() {
        playwright.close();
    }

    private static Path executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("install Chromium, or run ./sallyport test"));
    }
}
