package dev.sallyport.web;

import dev.sallyport.Visitor;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Who sent a request. */
public final class Visitors {

    private static final int MAX_BROWSER_LENGTH = 256;
    private static final HexFormat HEX = HexFormat.of();

    private final ClientAddress addresses;
    private final boolean readsForwarded;

    public Visitors(ClientAddress addresses) {
        this(addresses, true);
    }

    /** @param readsForwarded false where proxies only set {@code X-Forwarded-For}, and {@code Forwarded} is a client's */
    public Visitors(ClientAddress addresses, boolean readsForwarded) {
        this.addresses = addresses;
        this.readsForwarded = readsForwarded;
    }

    /** Another trace each time: to be asked once for a request. */
    public Visitor of(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String address = addresses.of(
                request.remoteAddress().hostAddress(),
                readsForwarded ? headers.getAll("Forwarded") : List.of(),
                headers.getAll("X-Forwarded-For"));
        String agent = headers.get(HttpHeaders.USER_AGENT);
        return new Visitor(address, agent == null ? "" : printable(agent), newTraceId());
    }

    private static String printable(String text) {
        String cut = text.length() <= MAX_BROWSER_LENGTH ? text : text.substring(0, MAX_BROWSER_LENGTH);
        return cut.replaceAll("\\p{Cntrl}", "");
    }

    /** Joins log lines and events; no secret, so speed wins over unpredictability. */
    private static String newTraceId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
    }
}
