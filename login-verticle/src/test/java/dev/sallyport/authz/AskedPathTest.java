package dev.sallyport.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskedPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/admin, /admin",
        "/admin/, /admin/",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a",
        "/..a/.b/c..d, /..a/.b/c..d",
        "/%61dmin, /admin",
        "/a%20b/c, /a b/c",
        "/caf%C3%A9, /café",
        "/a'b(c)!*~$&=, /a'b(c)!*~$&=",
    })
    void aPathIsDecodedOnceAndHasNoDotSegments(String raw, String path) {
        assertEquals(path, AskedPath.parse(raw).map(AskedPath::toString).orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "admin",
                "*",
                "http://wiki.example.com/",
                "//admin",
                "/a//admin",
                "/..",
                "/../admin",
                "/a/../../admin",
                "/a\\admin",
                "/a%2fadmin",
                "/a%2Fadmin",
                "/a%5cadmin",
                "/a;/admin",
                "/..;/admin",
                "/a%3b/admin",
                "/%2e%2e/admin",
                "/a/.%2e/admin",
                "/%252e%252e/admin",
                "/a%25%32%66admin",
                "/%c0%af",
                "/%c0%ae%c0%ae/admin",
                "/%e0%80%af",
                "/%f0%80%80%af",
                "/%ed%a0%80",
                "/%ff",
                "/%C3",
                "/a%00",
                "/a%0d%0aX",
                "/a%7f",
                "/a%c2%85",
                "/a\tb",
                "/a b",
                "/a\u0000",
                "/caf\u00e9",
                "/%ef%bc%8fadmin",
                "/%ef%bc%8e%ef%bc%8e/admin",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%u002fadmin",
                "/a#b",
                "/admin%3Fx",
                "/admin%23x",
                "/admin::$INDEX_ALLOCATION/x",
                "/admin./x",
                "/admin%20/x",
                "/admin%20",
                "/...",
            })
    void whatTwoApplicationsMayUnderstandInTwoWaysIsNoPath(String raw) {
        assertEquals(Optional.empty(), AskedPath.parse(raw).map(AskedPath::toString));
    }

    /** Anybody can send one, and it is judged on an event loop. */
    @Test
    void aVeryLongPathIsAPathToo() {
        for (String piece : new String[] {"a", "%61", "/a", "/./a"}) {
            assertTrue(AskedPath.parse(
                            "/admin/" + piece.repeat(60_000 / piece.length()).replaceFirst("^/", ""))
                    .orElseThrow()
                    .isAtOrBelow("/admin"));
        }
    }

    @Test
    void aPrefixEndsWhereASegmentDoes() {
        AskedPath path = AskedPath.parse("/admin/users").orElseThrow();
        assertTrue(path.isAtOrBelow(""));
        assertTrue(path.isAtOrBelow("/admin"));
        assertTrue(path.isAtOrBelow("/admin/users"));
        assertFalse(path.isAtOrBelow("/adm"));
        assertFalse(path.isAtOrBelow("/Admin"));
        assertTrue(path.isAtOrBelowInAnyCase("/Admin"));
        assertFalse(path.isAtOrBelow("/admin/users/1"));
    }
}
