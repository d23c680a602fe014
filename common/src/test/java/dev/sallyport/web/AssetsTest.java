package dev.sallyport.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssetsTest {

    private final Assets assets = new Assets();

    @ParameterizedTest
    @CsvSource({
        "sallyport.css, text/css; charset=utf-8",
        "sallyport.js, text/javascript; charset=utf-8",
        "news.js, text/javascript; charset=utf-8",
        "phone.js, text/javascript; charset=utf-8",
        "logo.svg, image/svg+xml"
    })
    void anAssetUnderItsVersionMayBeKeptForGood(String name, String contentType) {
        var asset = assets.find(assets.prefix() + name).orElseThrow();

        assertEquals(contentType, asset.contentType());
        assertEquals("public, max-age=31536000, immutable", asset.cacheControl());
        assertTrue(asset.content().length() > 0);
    }

    @Test
    void aPageOfAnotherReleaseGetsAFileThatIsNotKept() {
        var current = assets.find(assets.prefix() + "sallyport.css").orElseThrow();
        var other = assets.find("/assets/00000000/sallyport.css").orElseThrow();

        assertSame(current.content(), other.content());
        assertEquals("no-store", other.cacheControl());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "sallyport.css",
                "/sallyport.css",
                "/assets/",
                "/assets/sallyport.css",
                "/assets/00000000/",
                "/assets/00000000/other.css",
                "/assets/00000000/../sallyport.css",
                "/assets/00000000/..%2Fsallyport.css",
                "/assets/00000000/../../pages/sign-in.hbs"
            })
    void nothingElseIsFound(String path) {
        assertEquals(Optional.empty(), assets.find(path));
    }

    @Test
    void theVersionIsMadeOfTheBytes() {
        assertTrue(assets.prefix().matches("/assets/[0-9a-f]{8}/"), assets.prefix());
        assertEquals(assets.prefix(), new Assets().prefix());
    }

    @Test
    void everyAssetThatAPageAsksForIsThere() throws Exception {
        var vertx = Vertx.vertx();
        var pages = new Pages(vertx);
        for (var state : PageStates.all()) {
            var html = pages.render(state.page(), state.context()).toString();
            var asked = Pattern.compile("\"(/assets/[^\"]+)\"").matcher(html);
            while (asked.find()) {
                assertTrue(assets.find(asked.group(1)).isPresent(), asked.group());
            }
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sallyport.css", "sallyport.js", "phone.js", "logo.svg"})
    void anAssetPullsInNothing(String name) {
        var text = assets.find(assets.prefix() + name).orElseThrow().content().toString();

        assertFalse(text.replace("http://www.w3.org/2000/svg", "").contains("://"), name);
        assertFalse(Pattern.compile("@import|url\\(|innerHTML|insertAdjacentHTML|document\\.write|eval\\(| style=")
                .matcher(text)
                .find());
    }
}
