package dev.sallyport.web;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The address that a request came from. Headers count only from proxies that the operator trusts, and are read from the
 * right: the newest entry was written by the trusted proxy, everything left of the first untrusted one by anybody.
 */
public final class ClientAddress {

    /** A network in CIDR notation, or a single address. */
    private record Network(byte[] prefix, int bits) {

        static Network parse(String text) {
            int slash = text.indexOf('/');
            String literal = slash < 0 ? text : text.substring(0, slash);
            byte[] address = InetAddress.ofLiteral(literal).getAddress();
            int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > address.length * 8) {
                throw new IllegalArgumentException("no such prefix length");
            }
            return new Network(address, bits);
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >>> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> trusted;

    /**
     * Believes the headers of these proxies only.
     *
     * @param trustedProxies addresses or networks
     * @throws IllegalArgumentException naming the first entry that is neither
     */
    public ClientAddress(List<String> trustedProxies) {
        List<Network> networks = new ArrayList<>();
        for (String proxy : trustedProxies) {
            try {
                networks.add(Network.parse(proxy));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "SALLYPORT_HTTP_TRUSTED_PROXIES: \"" + proxy + "\" is neither an address nor a network such as"
                                + " 10.0.0.0/8.",
                        e);
            }
        }
        this.trusted = List.copyOf(networks);
    }

    /**
     * The client's address.
     *
     * @param peer the address at the other end of the connection
     * @param forwarded all {@code Forwarded} headers in order
     * @param forwardedFor all {@code X-Forwarded-For} headers in order, used where there is no {@code Forwarded}
     * @return the client's address in canonical text
     */
    public String of(String peer, List<String> forwarded, List<String> forwardedFor) {
        InetAddress address = InetAddress.ofLiteral(withoutZone(peer));
        List<String> hops = forwarded.isEmpty() ? split(forwardedFor) : forwardedHops(forwarded);
        for (int i = hops.size() - 1; i >= 0 && isTrusted(address); i--) {
            try {
                address = InetAddress.ofLiteral(bare(hops.get(i)));
            } catch (IllegalArgumentException e) {
                break;
            }
        }
        return withoutZone(address.getHostAddress());
    }

    /** True if this peer is a proxy that is trusted or on this machine; for ports that are for proxies alone. */
    public boolean isProxy(String peer) {
        InetAddress address = InetAddress.ofLiteral(withoutZone(peer));
        return address.isLoopbackAddress() || isTrusted(address);
    }

    private boolean isTrusted(InetAddress address) {
        byte[] bytes = address.getAddress();
        return trusted.stream().anyMatch(network -> network.contains(bytes));
    }

    private static List<String> split(List<String> headers) {
        List<String> parts = new ArrayList<>();
        headers.forEach(header -> parts.addAll(List.of(header.split(",", -1))));
        return parts;
    }

    /** The {@code for} parameter of each element of RFC 7239 headers; what has none counts as unreadable. */
    private static List<String> forwardedHops(List<String> headers) {
        List<String> hops = new ArrayList<>();
        for (String element : split(headers)) {
            String hop = "";
            for (String pair : element.split(";", -1)) {
                String trimmed = pair.strip();
                if (trimmed.toLowerCase(Locale.ROOT).startsWith("for=")) {
                    hop = trimmed.substring(4);
                }
            }
            hops.add(hop);
        }
        return hops;
    }

    /** An address without quotes, brackets and port. */
    private static String bare(String hop) {
        String text = hop.strip().replace("\"", "");
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? "" : text.substring(1, end);
        }
        boolean hasPort = text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        return hasPort ? text.substring(0, text.indexOf(':')) : text;
    }

    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
