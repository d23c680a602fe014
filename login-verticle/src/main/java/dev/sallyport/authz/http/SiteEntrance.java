package dev.sallyport.authz.http;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.authz.Asked;
import dev.sallyport.authz.Entrance;
import dev.sallyport.authz.Entrance.Admission;
import dev.sallyport.authz.Need;
import dev.sallyport.authz.Sites;
import dev.sallyport.authz.Wishes;
import dev.sallyport.session.Pass;
import dev.sallyport.web.SessionGuard;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages at each protected site by which browsers get in: {@code start} leads to the central site, {@code enter} takes
 * the ticket that one gets there.
 */
public final class SiteEntrance {

    static final String START = Sites.OWN_PATH + "start";
    static final String ENTER = Sites.OWN_PATH + "enter";

    private static final Logger LOG = LoggerFactory.getLogger(SiteEntrance.class);

    private static final String RETURN = "return";
    private static final String AAL = "aal";
    private static final String MAX_AGE = "max-age";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    private final Sites sites;
    private final Entrance entrance;
    private final Wishes wishes;
    private final HostCookies cookies;
    private final Ids ids;
    private final String central;

    /** @param central address of the central site, without a slash at its end */
    public SiteEntrance(Sites sites, Entrance entrance, Wishes wishes, HostCookies cookies, Ids ids, String central) {
        this.sites = sites;
        this.entrance = entrance;
        this.wishes = wishes;
        this.cookies = cookies;
        this.ids = ids;
        this.central = central;
    }

    /** Where a browser starts that was not let through; afterwards it is where it wanted to be, if it can be led there. */
    static String start(Sites sites, String host, Asked asked, Need need) {
        boolean reads = asked.method().equals("GET") || asked.method().equals("HEAD");
        String address = sites.addressAt(host, reads ? asked.uri() : "/").text();
        return sites.home(host).origin()
                + START
                + '?'
                + RETURN
                + '='
                + URLEncoder.encode(address, StandardCharsets.UTF_8)
                + (need.aal() > 1 ? "&" + AAL + '=' + need.aal() : "")
                + need.maxAge()
                        .map(age -> "&" + MAX_AGE + '=' + age.toSeconds())
                        .orElse("");
    }

    /** A browser that has a nonce keeps it, so that pages which are opened at once all get in. */
    void start(HttpServerRequest request) {
        Optional<String> host = host(request);
        if (host.isEmpty()) {
            nowhere(request);
            return;
        }
        OpaqueToken nonce = cookies.nonce(request).orElseGet(ids::token);
        cookies.writeNonce(request, nonce);
        String wish = wishes.write(entrance.wish(host.get(), parameter(request, RETURN), need(request), nonce));
        PlainAnswers.redirect(request, central + SessionGuard.ENTER + "?wish=" + wish);
    }

    /** Asking for more than is needed harms nobody. */
    private static Need need(HttpServerRequest request) {
        int aal = parameter(request, AAL).equals("2") ? 2 : 1;
        Optional<Duration> maxAge = Optional.of(parameter(request, MAX_AGE))
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Math.max(Need.SHORTEST.toSeconds(), Long.parseLong(text))));
        return new Need(aal, maxAge);
    }

    void enter(HttpServerRequest request, Room room) {
        Optional<String> host = host(request);
        Optional<Pass> ticket = Pass.parse(parameter(request, "ticket"));
        Optional<OpaqueToken> nonce = cookies.nonce(request);
        if (host.isEmpty()) {
            nowhere(request);
        } else if (ticket.isEmpty() || nonce.isEmpty()) {
            ClosedPage.show(request);
        } else {
            room.call(() -> entrance.admit(ticket.get(), host.get(), nonce.get()))
                    .onSuccess(admission -> admission.ifPresentOrElse(
                            admitted -> letIn(request, admitted), () -> ClosedPage.show(request)))
                    .onFailure(cause -> {
                        LOG.warn("A browser with a ticket could not be let in: {}", cause.toString());
                        request.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
                        PlainAnswers.end(request, 503, "Busy just now. Try again in a few seconds.");
                    });
        }
    }

    private void letIn(HttpServerRequest request, Admission admission) {
        cookies.writeSite(request, admission.token());
        PlainAnswers.redirect(request, admission.address().text());
    }

    private static void nowhere(HttpServerRequest request) {
        PlainAnswers.end(request, 404, "No rule is about this host.");
    }

    /** As the client has sent it, which proxies pass on. */
    private Optional<String> host(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.HOST)).flatMap(sites::host);
    }

    /** Empty where it is absent or damaged. */
    private static String parameter(HttpServerRequest request, String name) {
        try {
            return Optional.ofNullable(request.params(true).get(name)).orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
