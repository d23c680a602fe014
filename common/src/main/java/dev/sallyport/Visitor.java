package dev.sallyport;

/**
 * Who sent a request, as far as a request can tell.
 *
 * @param address the client's IP address in canonical text (IPv4, or full IPv6), behind trusted proxies only theirs
 * @param browser the User-Agent header, at most 256 characters, control characters removed; empty if absent
 * @param traceId 32 hex digits (W3C Trace Context) that join the log lines and events of one request
 */
public record Visitor(String address, String browser, String traceId) {

    /**
     * The unit that limits count: the whole address for IPv4, the first 64 bits for IPv6, since whoever has one
     * address of a /64 has all of them.
     */
    public String network() {
        int groups = 0;
        for (int i = 0; i < address.length(); i++) {
            if (address.charAt(i) == ':' && ++groups == 4) {
                return address.substring(0, i) + "::/64";
            }
        }
        return address;
    }
}
