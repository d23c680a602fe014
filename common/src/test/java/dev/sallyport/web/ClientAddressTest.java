package dev.sallyport.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Visitor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientAddressTest {

    private static final List<String> NONE = List.of();

    private final ClientAddress alone = new ClientAddress(NONE);
    private final ClientAddress behindProxies = new ClientAddress(List.of("10.0.0.0/8", "fd00::/8"));

    @Test
    void headersOfStrangersCountForNothing() {
        assertEquals("203.0.113.9", alone.of("203.0.113.9", List.of("for=1.2.3.4"), List.of("1.2.3.4")));
        assertEquals("203.0.113.9", behindProxies.of("203.0.113.9", NONE, List.of("1.2.3.4")));
    }

    @Test
    void theNewestUntrustedHopIsTheClient() {
        assertEquals("198.51.100.7", behindProxies.of("10.0.0.1", NONE, List.of("1.2.3.4, 198.51.100.7, 10.9.9.9")));
        assertEquals("198.51.100.7", behindProxies.of("10.0.0.1", NONE, List.of("1.2.3.4", "198.51.100.7")));
    }

    @Test
    void theStandardHeaderWinsAndIsReadWithQuotesBracketsAndPorts() {
        List<String> forwarded = List.of("for=1.2.3.4, for=\"[2001:db8::7]:4711\";proto=https");
        assertEquals("2001:db8:0:0:0:0:0:7", behindProxies.of("10.0.0.1", forwarded, List.of("6.6.6.6")));
        assertEquals("198.51.100.7", behindProxies.of("10.0.0.1", List.of("For=198.51.100.7:80"), NONE));
    }

    @Test
    void anUnreadableHopEndsTheWalkAtTheLastKnownAddress() {
        for (String hop : List.of("unknown", "_hidden", "", "1.2.3.4.5", "[::1", "example.com")) {
            assertEquals("10.0.0.1", behindProxies.of("10.0.0.1", NONE, List.of("1.2.3.4, " + hop)), hop);
        }
    }

    @Test
    void allTrustedHopsLeaveTheOutermost() {
        assertEquals("10.1.1.1", behindProxies.of("10.0.0.1", NONE, List.of("10.1.1.1, fd00::2")));
    }

    @Test
    void mappedAndScopedAddressesAreCanonical() {
        assertEquals("203.0.113.9", alone.of("::ffff:203.0.113.9", NONE, NONE));
        assertEquals("fe80:0:0:0:0:0:0:1", alone.of("fe80::1%eth0", NONE, NONE));
    }

    @Test
    void aWrongNetworkIsNamed() {
        for (String wrong : List.of("10.0.0.0/33", "proxy.example.com", "10.0.0.0/x", "")) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new ClientAddress(List.of(wrong)));
            assertTrue(e.getMessage().contains("SALLYPORT_HTTP_TRUSTED_PROXIES"), e.getMessage());
        }
    }

    @Test
    void limitsCountTheWholeOfAnIpv6Network() {
        Visitor one = new Visitor(alone.of("2001:db8:1:2:3:4:5:6", NONE, NONE), "", "");
        Visitor other = new Visitor(alone.of("2001:db8:1:2::9", NONE, NONE), "", "");
        Visitor stranger = new Visitor(alone.of("2001:db8:1:3::9", NONE, NONE), "", "");
        assertEquals(one.network(), other.network());
        assertTrue(!one.network().equals(stranger.network()));
        assertEquals("192.0.2.1", new Visitor("192.0.2.1", "", "").network());
    }
}
