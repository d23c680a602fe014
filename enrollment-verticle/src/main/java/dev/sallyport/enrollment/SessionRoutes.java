package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.web.DeviceWords;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.TimeWords;
import dev.sallyport.web.Web;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.text.ListFormat;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where a person is signed in, and ending that. */
public final class SessionRoutes implements Routes {

    private static final String PAGE = "/user/sessions";
    private static final String ENDED = PAGE + "?ended";
    private static final String ALL_ENDED = PAGE + "?all-ended";

    /** What the page says to somebody who was led there. */
    private static final Map<String, String> NOTICES =
            Map.of(ENDED, "Signed out there.", ALL_ENDED, "You are signed out everywhere else.");

    private final SessionDesk desk;
    private final Web web;
    private final SessionGuard guard;
    private final Clock clock;

    public SessionRoutes(SessionDesk desk, Web web, SessionGuard guard, Clock clock) {
        this.desk = desk;
        this.web = web;
        this.guard = guard;
        this.clock = clock;
    }

    @Override
    public void mount(Router router) {
        inside(Web.mayWait(router.get(PAGE))).handler(this::page);
        inside(web.form(router.post(PAGE + "/end"))).handler(this::end);
        inside(web.form(router.post(PAGE + "/end-others"))).handler(this::endOthers);
    }

    private Route inside(Route route) {
        return route.handler(guard::signedIn).handler(guard::farEnough);
    }

    private void page(RoutingContext context) {
        Session own = SessionGuard.session(context);
        Instant now = clock.instant();
        List<Map<String, Object>> places = desk.of(own.account()).stream()
                .map(session -> shown(session, own, now))
                .toList();
        String notice = NOTICES.getOrDefault(context.request().uri(), "");
        web.page(context, 200, "sessions", Map.of("places", places, "others", places.size() > 1, "notice", notice));
    }

    private static Map<String, Object> shown(Session session, Session own, Instant now) {
        return Map.of(
                "handle", session.handle(),
                "here", session.handle().equals(own.handle()),
                "device", DeviceWords.of(session.browser()),
                "address", session.address(),
                "factors", factors(session),
                "since", TimeWords.ago(session.createdAt(), now),
                "seen", TimeWords.ago(session.lastSeen(), now));
    }

    /** Such as "password, text message, and app". */
    private static String factors(Session session) {
        return ListFormat.getInstance(Locale.ENGLISH, ListFormat.Type.STANDARD, ListFormat.Style.FULL)
                .format(session.proofs().stream()
                        .map(Proof::factor)
                        .map(SessionRoutes::word)
                        .toList());
    }

    private static String word(FactorType factor) {
        return switch (factor) {
            case PASSWORD -> "password";
            case APP -> "app";
            case PHONE -> "text message";
        };
    }

    /** Whatever is named: one that has ended meanwhile is signed out as well. */
    private void end(RoutingContext context) {
        desk.endOther(SessionGuard.session(context), Web.field(context, "session"), web.visitor(context));
        Web.redirect(context, ENDED);
    }

    private void endOthers(RoutingContext context) {
        desk.endOthers(SessionGuard.session(context), web.visitor(context));
        Web.redirect(context, ALL_ENDED);
    }
}
