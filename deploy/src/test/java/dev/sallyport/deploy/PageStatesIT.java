package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.sallyport.deploy.Chromium.Look;
import dev.sallyport.web.Assets;
import dev.sallyport.web.PageStates;
import dev.sallyport.web.PageStates.State;
import dev.sallyport.web.Pages;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Every state of every page, also those that a person meets only when something went wrong: axe-core finds nothing,
 * nothing is wider than the window, and what is pressed is large enough for a finger. Leaves screenshots in {@code
 * deploy/target/screenshots/states}.
 */
class PageStatesIT {

    private static final String SITE = "http://localhost";

    /** What is pressed and stands alone; links within a sentence are as high as their line. */
    private static final String TOO_SMALL = """
            () => [...document.querySelectorAll('button, input:not([type=hidden]), summary, a')]
                .filter(it => it.checkVisibility() && !it.matches('p:not(.after, .doing, .who, footer p) > a:not(.standalone)'))
                .filter(it => it.getBoundingClientRect().height < 44)
                .map(it => it.outerHTML)
            """;

    private static final Assets ASSETS = new Assets();

    private static Vertx vertx;
    private static Pages pages;
    private static Chromium chromium;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        pages = new Pages(vertx);
        chromium = new Chromium();
    }

    @AfterAll
    static void close() {
        chromium.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Each state in one look with everything, and in the other width for what depends on it. */
    @Test
    void everyStateIsForEverybody() {
        List<Look> looks = Look.all();
        AtomicReference<String> shown = new AtomicReference<>("");
        List<Page> windows = looks.stream().map(look -> window(look, shown)).toList();
        List<Executable> checks = new ArrayList<>();
        for (State state : PageStates.all()) {
            int turn = checks.size() % looks.size();
            int otherWidth = (turn + looks.size() / 2) % looks.size();
            checks.add(() -> {
                shown.set(pages.render(state.page(), state.context()).toString());
                checkAll(windows.get(turn), state, looks.get(turn));
                checkSizes(windows.get(otherWidth), state, looks.get(otherWidth));
            });
        }
        assertAll(checks);
    }

    private static Page window(Look look, AtomicReference<String> shown) {
        BrowserContext window = chromium.window(SITE, look);
        window.route("**/*", route -> answer(route, shown.get()));
        return window.newPage();
    }

    private static void answer(Route route, String html) {
        String path = URI.create(route.request().url()).getPath();
        if (path.equals("/")) {
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("text/html; charset=utf-8")
                    .setBody(html));
            return;
        }
        ASSETS.find(path)
                .ifPresentOrElse(
                        asset -> route.fulfill(new Route.FulfillOptions()
                                .setContentType(asset.contentType())
                                .setBodyBytes(asset.content().getBytes())),
                        () -> route.fulfill(new Route.FulfillOptions().setStatus(404)));
    }

    private static void checkAll(Page page, State state, Look look) {
        checkSizes(page, state, look);
        String name = (state.page() + " " + state.name()).replaceAll("[^a-z-]+", "_") + "-" + look;
        page.screenshot(new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(Path.of("target", "screenshots", "states", name + ".png")));
        assertEquals(List.of(), Chromium.barriers(page), state + " " + look);
    }

    private static void checkSizes(Page page, State state, Look look) {
        page.navigate("/");
        Object over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        assertEquals(0, Math.max(0, ((Number) over).intValue()), state + " is wider than " + look);
        assertEquals(List.of(), page.evaluate(TOO_SMALL), state + " " + look);
    }
}
