package dev.sallyport.enrollment;

import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.Web;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/** Sign-up in HTTP: its form to {@link SignUpFlow}, the outcomes to pages and redirects. */
public final class SignUpRoutes implements Routes {

    private final SignUpFlow flow;
    private final int passwordMinimum;
    private final Web web;
    private final SessionGuard guard;

    /** @param passwordMinimum the shortest password that is taken, in characters */
    public SignUpRoutes(SignUpFlow flow, int passwordMinimum, Web web, SessionGuard guard) {
        this.flow = flow;
        this.passwordMinimum = passwordMinimum;
        this.web = web;
        this.guard = guard;
    }

    @Override
    public void mount(Router router) {
        router.get("/sign-up").handler(this::page);
        web.form(router.post("/sign-up")).handler(this::signUp);
    }

    private void page(RoutingContext context) {
        web.page(context, 200, "sign-up", Map.of("minimum", passwordMinimum));
    }

    private void signUp(RoutingContext context) {
        String name = Web.field(context, "username");
        SignUpFlow.Outcome outcome = flow.signUp(
                name, Web.field(context, "password1"), Web.field(context, "password2"), web.visitor(context));
        Map<String, Object> shown = new HashMap<>();
        shown.put("username", name);
        shown.put("minimum", passwordMinimum);
        switch (outcome) {
            case SignUpFlow.Created created -> guard.enter(context, created.entry(), "/user");
            case SignUpFlow.Unfit unfit -> {
                unfit.name().ifPresent(problem -> shown.put("usernameProblem", problem));
                unfit.password().ifPresent(problem -> shown.put("passwordProblem", problem));
                unfit.repeat().ifPresent(problem -> shown.put("repeatProblem", problem));
                web.page(context, 422, "sign-up", shown);
            }
            case SignUpFlow.Taken taken -> {
                shown.put("usernameProblem", "That user name is taken. Choose another.");
                web.page(context, 409, "sign-up", shown);
            }
            case SignUpFlow.TooMany tooMany -> {
                Web.retryAfter(context, SignUpFlow.TAKEN_TOLD.within());
                shown.put("problem", "Too many tries from your network. Try again in an hour.");
                web.page(context, 429, "sign-up", shown);
            }
        }
    }
}
