package dev.sallyport.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.WebTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WishesTest {

    private static final String HOST = "wiki.example.com";

    @TempDir
    Path folder;

    private final Sites sites = sites(HOST);
    private WebTokens tokens;
    private Wishes wishes;

    @BeforeEach
    void makeKeys() {
        new KeyFolder(folder).init();
        tokens = new WebTokens(Keyring.open(folder, EnumSet.allOf(Role.class)));
        wishes = new Wishes(tokens, sites);
    }

    private static Sites sites(String host) {
        return new Sites(List.of(new SiteRule("wiki", host, "/", Set.of(), Need.SIGNED_IN)), true, Need.SIGNED_IN);
    }

    private Wish wish(Need need) {
        return new Wish(sites.addressAt(HOST, "/a?b=c"), Somebody.token().hash(), need, Somebody.NOON);
    }

    @Test
    void aWishIsReadAsItWasWritten() {
        Wish plain = wish(Need.SIGNED_IN);
        assertEquals(Optional.of(plain), wishes.read(wishes.write(plain)));
        Wish demanding = wish(new Need(2, Optional.of(Duration.ofMinutes(5))));
        assertEquals(Optional.of(demanding), wishes.read(wishes.write(demanding)));
    }

    @Test
    void onlyAProtectedSiteCanMakeOne() {
        String written = wishes.write(wish(Need.SIGNED_IN));
        assertEquals(Optional.empty(), wishes.read(""));
        assertEquals(Optional.empty(), wishes.read("https://wiki.example.com/"));
        assertEquals(Optional.empty(), wishes.read(written.substring(1)));
        assertEquals(Optional.empty(), wishes.read(written.substring(0, written.length() - 4)));
        assertEquals(Optional.empty(), wishes.read(tokens.sign("csrf", "x".getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void aSiteThatIsNoLongerProtectedIsNowhereToGo() {
        String written = wishes.write(wish(Need.SIGNED_IN));
        assertEquals(Optional.empty(), new Wishes(tokens, sites("other.example.com")).read(written));
    }

    @Test
    void theLongestAddressFitsIntoACookie() {
        Wish longest = new Wish(
                sites.addressAt(HOST, "/" + "a".repeat(1_970)), Somebody.token().hash(), Need.SIGNED_IN, Somebody.NOON);
        assertTrue(longest.address().uri().length() > 1_900);
        assertTrue(wishes.write(longest).length() < 3_500);
    }
}
