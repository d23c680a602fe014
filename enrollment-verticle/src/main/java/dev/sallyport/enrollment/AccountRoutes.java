package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.account.Account;
import dev.sallyport.session.Session;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.TimeWords;
import dev.sallyport.web.Web;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The account page, and removing factors. */
public final class AccountRoutes implements Routes {

    /** The account page, for somebody who has just changed how to sign in. */
    static final String CHANGED = "/user?changed";

    private final AccountFlow flow;
    private final Web web;
    private final SessionGuard guard;
    private final FactorGuard factors;

    public AccountRoutes(AccountFlow flow, Web web, SessionGuard guard, FactorGuard factors) {
        this.flow = flow;
        this.web = web;
        this.guard = guard;
        this.factors = factors;
    }

    @Override
    public void mount(Router router) {
        Web.mayWait(router.get("/user"))
                .handler(guard::signedIn)
                .handler(guard::farEnough)
                .handler(this::page);
        factors.changing(web.form(router.post("/disable-tfa-via-app")))
                .handler(context -> unbind(context, FactorType.APP));
        factors.changing(web.form(router.post("/disable-tfa-via-sms")))
                .handler(context -> unbind(context, FactorType.PHONE));
    }

    private void page(RoutingContext context) {
        page(context, 200, Map.of());
    }

    private void page(RoutingContext context, int status, Map<String, Object> more) {
        Optional<Account> found = flow.find(SessionGuard.session(context));
        if (found.isEmpty()) {
            guard.leave(context);
            Web.redirect(context, SessionGuard.ENDED);
            return;
        }
        Account account = found.get();
        Map<String, Object> shown = new HashMap<>(more);
        shown.put("required", flow.secondFactorRequired());
        shown.put("changed", context.request().uri().equals(CHANGED));
        account.app().ifPresent(app -> shown.put("app", Map.of("since", TimeWords.day(app.boundAt()))));
        account.phone()
                .ifPresent(phone -> shown.put(
                        "phone",
                        Map.of(
                                "masked", phone.number().masked(),
                                "since", TimeWords.day(phone.boundAt()),
                                "disabled", phone.disabled())));
        shown.put("canUnbindApp", flow.canUnbind(account, FactorType.APP));
        shown.put("canUnbindPhone", flow.canUnbind(account, FactorType.PHONE));
        web.page(context, status, "user", shown);
    }

    private void unbind(RoutingContext context, FactorType factor) {
        Session session = SessionGuard.session(context);
        flow.unbind(session, factor, web.visitor(context))
                .ifPresentOrElse(
                        entry -> guard.enter(context, entry, CHANGED),
                        () -> page(
                                context,
                                409,
                                Map.of("problem", "That can't be removed: it is not there, or it is the last one.")));
    }
}
