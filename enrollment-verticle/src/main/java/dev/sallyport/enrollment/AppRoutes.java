package dev.sallyport.enrollment;

import dev.sallyport.session.Session;
import dev.sallyport.totp.TotpSecret;
import dev.sallyport.totp.TotpUri;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.Web;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/** Binding an authenticator app in HTTP: the key as picture and text, and the code that proves it. */
public final class AppRoutes implements Routes {

    private static final String PATH = "/enable-tfa-via-app";
    private static final String PICTURE = "/auth-qr-code.png";
    private static final String WRONG =
            "That code is not right. Type the one that your app shows now; if it is refused again, scan this picture anew.";

    private final AppFlow flow;
    private final String brand;
    private final Web web;
    private final SessionGuard guard;
    private final FactorGuard factors;

    /** @param brand the issuer that apps show */
    public AppRoutes(AppFlow flow, String brand, Web web, SessionGuard guard, FactorGuard factors) {
        this.flow = flow;
        this.brand = brand;
        this.web = web;
        this.guard = guard;
        this.factors = factors;
    }

    @Override
    public void mount(Router router) {
        factors.changing(Web.mayWait(router.get(PATH))).handler(this::page);
        factors.changing(web.form(router.post(PATH))).handler(this::prove);
        factors.changing(Web.mayWait(router.get(PICTURE))).handler(this::picture);
    }

    private void page(RoutingContext context) {
        flow.begin(SessionGuard.session(context))
                .ifPresentOrElse(secret -> page(context, 200, secret, ""), () -> Web.redirect(context, "/user"));
    }

    private void page(RoutingContext context, int status, TotpSecret secret, String problem) {
        Session session = SessionGuard.session(context);
        Map<String, Object> shown = new HashMap<>();
        shown.put("qr", PICTURE);
        shown.put("key", secret.base32().replaceAll("(.{4})(?=.)", "$1 "));
        shown.put("uri", uri(session, secret));
        shown.put("replacing", FactorGuard.account(context).app().isPresent());
        shown.put("required", guard.mustBind(session));
        Web.problem(shown, problem);
        web.page(context, status, "enable-app", shown);
    }

    private void picture(RoutingContext context) {
        Session session = SessionGuard.session(context);
        flow.pendingSecret(session)
                .ifPresentOrElse(
                        secret -> context.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, "image/png")
                                .end(Buffer.buffer(QrPicture.png(uri(session, secret)))),
                        () -> context.fail(404));
    }

    private void prove(RoutingContext context) {
        Session session = SessionGuard.session(context);
        switch (flow.prove(session, Web.field(context, "token"), web.visitor(context))) {
            case AppFlow.Bound bound -> guard.enter(context, bound.entry(), AccountRoutes.CHANGED);
            case AppFlow.WrongCode wrong -> page(context, 422, wrong.secret(), WRONG);
            case AppFlow.NotPending gone -> Web.redirect(context, PATH);
        }
    }

    private String uri(Session session, TotpSecret secret) {
        return TotpUri.of(brand, session.userName(), secret).text();
    }
}
