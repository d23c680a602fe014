package dev.sallyport.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.authz.Sites.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SitesTest {

    private static final String WIKI = "wiki.example.com";
    private static final Need TWO_FACTORS = new Need(2, Optional.empty());
    private static final Need FRESH = new Need(1, Optional.of(Duration.ofMinutes(5)));

    private final Sites sites = new Sites(
            List.of(
                    rule("wiki", "/", Set.of(), Need.SIGNED_IN),
                    rule("admin", "/Admin/", Set.of(), TWO_FACTORS),
                    rule("help", "/admin/help", Set.of(), Need.SIGNED_IN),
                    rule("pages", "/pages", Set.of("POST", "DELETE"), FRESH),
                    new SiteRule("shop", "shop.example.com", "/", Set.of(), Need.SIGNED_IN),
                    new SiteRule("shop-orders", "shop.example.com", "/orders", Set.of("GET"), TWO_FACTORS),
                    new SiteRule("files", "files.example.com:8443", "/up", Set.of(), TWO_FACTORS)),
            true,
            Need.SIGNED_IN);

    private static SiteRule rule(String name, String path, Set<String> methods, Need need) {
        return new SiteRule(name, WIKI, path, methods, need);
    }

    private String rule(String method, String uri) {
        return sites.judge(WIKI, method, uri).rule();
    }

    private Need need(String method, String uri) {
        return sites.judge(WIKI, method, uri).need();
    }

    @Test
    void theLongestPathDecides() {
        assertEquals("wiki", rule("GET", "/"));
        assertEquals("wiki", rule("GET", "/administrator"));
        assertEquals("admin", rule("GET", "/Admin"));
        assertEquals("admin", rule("GET", "/Admin/users?page=/pages"));
        assertEquals("admin", rule("GET", "/pages/../Admin"));
        assertEquals(TWO_FACTORS, need("GET", "/Admin/users"));
        assertEquals(Need.SIGNED_IN, need("GET", "/?next=/Admin"));
    }

    @Test
    void whereCaseDecidesBothRulesHold() {
        assertEquals(TWO_FACTORS, need("GET", "/ADMIN"));
        assertEquals(TWO_FACTORS, need("GET", "/Admin/Help"));
        assertEquals(Need.SIGNED_IN, need("GET", "/admin/help"));
    }

    @Test
    void aRuleMayBeForSomeMethods() {
        assertEquals("wiki", rule("GET", "/pages/1"));
        assertEquals("pages", rule("POST", "/pages/1"));
        assertEquals("pages", rule("post", "/pages/1"));
        assertEquals("wiki", rule("PUT", "/pages/1"));
        assertEquals(
                "shop-orders",
                sites.judge("shop.example.com", "HEAD", "/orders").rule());
    }

    /** Whatever they are called, and in whichever order they stand. */
    @ParameterizedTest
    @CsvSource({"a, b, c", "c, b, a", "b, c, a"})
    void rulesWithTheSamePathHoldTogether(String open, String strict, String fresh) {
        List<SiteRule> rules = List.of(
                rule(open, "/", Set.of(), Need.SIGNED_IN),
                rule(strict, "/", Set.of("POST", "PUT"), TWO_FACTORS),
                rule(fresh, "/", Set.of("POST"), FRESH));
        for (List<SiteRule> either : List.of(rules, rules.reversed())) {
            Sites same = new Sites(either, true, Need.SIGNED_IN);
            assertEquals(TWO_FACTORS.and(FRESH), same.judge(WIKI, "POST", "/a").need());
            assertEquals(TWO_FACTORS, same.judge(WIKI, "PUT", "/a").need());
            assertEquals(strict, same.judge(WIKI, "PUT", "/a").rule());
            assertEquals(Need.SIGNED_IN, same.judge(WIKI, "GET", "/a").need());
        }
    }

    @Test
    void whatNoRuleIsAboutNeedsThatSomebodyIsSignedIn() {
        assertEquals(
                Need.SIGNED_IN,
                sites.judge("files.example.com:8443", "GET", "/").need());
        Sites strict = new Sites(List.of(rule("wiki", "/x", Set.of(), Need.SIGNED_IN)), true, TWO_FACTORS);
        assertEquals(TWO_FACTORS, strict.judge(WIKI, "GET", "/").need());
        assertEquals(TWO_FACTORS, strict.judge(WIKI, "GET", "/x").need());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2fb", "//", "/x;y", "/%2e%2e/", "", "?x", "/..", "/%ff"})
    void anAmbiguousPathNeedsAllThatTheSiteEverAsksFor(String uri) {
        assertEquals(TWO_FACTORS.and(FRESH), need("GET", uri));
        assertEquals("strictest", rule("GET", uri));
    }

    @Test
    void nobodyJudgesAStrangersHost() {
        assertThrows(IllegalArgumentException.class, () -> sites.judge("evil.example", "GET", "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "wiki.example.com, wiki.example.com",
        "Wiki.Example.COM, wiki.example.com",
        "wiki.example.com:443, wiki.example.com",
        "files.example.com:8443, files.example.com:8443",
        "wiki.example.com:80, ''",
        "wiki.example.com:8443, ''",
        "files.example.com, ''",
        "wiki.example.com., ''",
        "x.wiki.example.com, ''",
        "wi\u212ai.example.com, ''",
        "'wiki.example.com,evil.example', ''",
        "wiki.example.com@evil.example, ''",
        "'', ''",
    })
    void aHostIsOneOfTheRulesOrNone(String asked, String host) {
        assertEquals(host, sites.host(asked).orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "https://wiki.example.com, https://wiki.example.com/",
        "https://wiki.example.com/, https://wiki.example.com/",
        "https://WIKI.example.com/A?b=c%20d&e=/f//g, https://wiki.example.com/A?b=c%20d&e=/f//g",
        "https://wiki.example.com:443/a, https://wiki.example.com/a",
        "https://files.example.com:8443/up, https://files.example.com:8443/up",
        "https://wiki.example.com//evil.example, https://wiki.example.com//evil.example",
    })
    void anAddressOfASiteBeginsWithItsOrigin(String text, String address) {
        assertEquals(address, sites.address(text).map(Address::text).orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/page",
                "//evil.example",
                "///evil.example",
                "////evil.example/..",
                "/\\evil.example",
                "\\\\evil.example",
                "\\/evil.example",
                "https:evil.example",
                "https:/evil.example",
                "https:///evil.example",
                "https:\\\\evil.example",
                "https:/\\wiki.example.com",
                "https://evil.example",
                "https://evil.example/https://wiki.example.com/",
                "https://evil.example#https://wiki.example.com/",
                "https://evil.example?https://wiki.example.com/",
                "https://evil.example\\.wiki.example.com/",
                "https://wiki.example.com@evil.example/",
                "https://wiki.example.com:443@evil.example/",
                "https://user@wiki.example.com/",
                "https://user:word@wiki.example.com/",
                "https://evil.example\\@wiki.example.com/",
                "https://wiki.example.com\\@evil.example/",
                "https://wiki.example.com\\.evil.example/",
                "https://wiki.example.com.evil.example/",
                "https://wiki.example.com.",
                "https://wiki.example.com./",
                "https://evil-wiki.example.com/",
                "https://wiki.example.comevil.example/",
                "https://wiki.example.com:80/",
                "https://wiki.example.com:8443/",
                "https://wiki.example.com:443:443/",
                "https://wiki.example.com:/",
                "https://wiki.example.com:x/",
                "https://wiki.example.com:000443/",
                "https://wiki%2eexample%2ecom/",
                "https://wiki.example.com%2f@evil.example/",
                "https://wiki.example.com%00.evil.example/",
                "https://wiki.example.com%0d%0aevil/",
                "https://wiki\u3002example\u3002com/",
                "https://wiki\uff0eexample.com/",
                "https://\uff57iki.example.com/",
                "https://wi\u212ai.example.com/",
                "https://wiki.example.com/\u2028",
                "https://wiki.example.com/\u00e9",
                "https://[::1]/",
                "https://2130706433/",
                "http://wiki.example.com/",
                "HTTPS://wiki.example.com/",
                "ftp://wiki.example.com/",
                "javascript:alert(1)",
                "javascript://wiki.example.com/%0aalert(1)",
                "JaVaScRiPt:alert(1)",
                "java\tscript:alert(1)",
                "data:text/html,https://wiki.example.com/",
                "vbscript:x",
                "blob:https://wiki.example.com/x",
                "view-source:https://wiki.example.com/",
                " https://wiki.example.com/",
                "https://wiki.example.com/ ",
                "\thttps://wiki.example.com/",
                "https://wiki.example.com/\n",
                "https://wiki.example.com/\r\nSet-Cookie: a=b",
                "https://wiki.example.com/\u0000",
                "ht\ntps://wiki.example.com/",
                "https://wiki.exa\nmple.com/",
                "https://wiki.example.com\t/",
                "https://wiki.example.com/a b",
                "https://wiki.example.com/\\evil.example",
                "https://wiki.example.com/<script>",
                "https://wiki.example.com/#@evil.example",
                "https://wiki.example.com#@evil.example/",
                "https://wiki.example.com?@evil.example/",
                "https://wiki.example.com/.sallyport/start?return=x",
                "https://wiki.example.com/.sallyport/enter?ticket=x",
            })
    void nobodyIsEverSentToAnythingElse(String text) {
        assertEquals(Optional.empty(), sites.address(text));
        String origin = "https://shop.example.com/";
        assertTrue(sites.addressAt("shop.example.com", text).text().startsWith(origin), text);
    }

    @Test
    void atASiteAPathIsEnoughAndAnotherSitesAddressIsNone() {
        assertEquals(
                "https://wiki.example.com/a?b", sites.addressAt(WIKI, "/a?b").text());
        assertEquals(
                "https://wiki.example.com//evil",
                sites.addressAt(WIKI, "//evil").text());
        assertEquals(
                "https://wiki.example.com/",
                sites.addressAt(WIKI, "https://shop.example.com/a").text());
        assertEquals(
                "https://wiki.example.com/",
                sites.addressAt(WIKI, "/" + "a".repeat(3_000)).text());
    }

    @Test
    void forTryingOutSitesAreOnLoopbackWithoutHttps() {
        Sites local = new Sites(
                List.of(new SiteRule("app", "localhost:8085", "/", Set.of(), Need.SIGNED_IN)), false, Need.SIGNED_IN);
        assertEquals(
                "http://localhost:8085/x",
                local.address("http://localhost:8085/x").map(Address::text).orElse(""));
        assertEquals(Optional.empty(), local.address("https://localhost:8085/x"));
        assertEquals(Optional.empty(), local.address("http://localhost/x"));
    }

    @Test
    void aHostThatIsToldIsAHost() {
        assertEquals("wiki.example.com:8443", Sites.written("Wiki.example.com:8443"));
        for (String odd : List.of("", "a b", "a\nINFO forged", "<b>", "x".repeat(300))) {
            assertEquals("something that is no host", Sites.written(odd));
        }
    }
}
