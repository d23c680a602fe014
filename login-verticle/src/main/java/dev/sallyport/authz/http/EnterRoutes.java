package dev.sallyport.authz.http;

import dev.sallyport.authz.Entrance;
import dev.sallyport.authz.Entrance.Admit;
import dev.sallyport.authz.Entrance.BindFactor;
import dev.sallyport.authz.Entrance.ConfirmPassword;
import dev.sallyport.authz.Entrance.SignIn;
import dev.sallyport.authz.Entrance.SignInAgain;
import dev.sallyport.authz.Entrance.StartAgain;
import dev.sallyport.authz.Wish;
import dev.sallyport.authz.Wishes;
import dev.sallyport.session.Session;
import dev.sallyport.web.Cookies;
import dev.sallyport.web.Onward;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.Web;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Where browsers come to at the central site that want to get into a protected one: with a wish, which they keep in a cookie while
 * they pass the doors that are missing, and from the last of these.
 */
public final class EnterRoutes implements Routes {

    private final Entrance entrance;
    private final Wishes wishes;
    private final SessionGuard guard;
    private final Cookies cookies;

    public EnterRoutes(Entrance entrance, Wishes wishes, SessionGuard guard, Cookies cookies) {
        this.entrance = entrance;
        this.wishes = wishes;
        this.guard = guard;
        this.cookies = cookies;
    }

    @Override
    public void mount(Router router) {
        Web.mayWait(router.get(SessionGuard.ENTER)).handler(guard::anybody).handler(this::enter);
    }

    private void enter(RoutingContext context) {
        Optional<Wish> wish = Optional.ofNullable(context.request().getParam("wish"))
                .or(() -> cookies.text(context, Cookies.Name.WISH))
                .flatMap(wishes::read);
        if (wish.isEmpty()) {
            cookies.remove(context, Cookies.Name.WISH);
            Web.redirect(context, "/user");
        } else {
            lead(context, wish.get());
        }
    }

    private void lead(RoutingContext context, Wish wish) {
        Optional<Session> session =
                SessionGuard.isSignedIn(context) ? Optional.of(SessionGuard.session(context)) : Optional.empty();
        switch (entrance.lead(session, wish)) {
            case Admit admit ->
                leave(
                        context,
                        admit.address().origin() + SiteEntrance.ENTER + "?ticket="
                                + admit.ticket().text());
            case StartAgain again -> leave(context, again.address().text());
            case SignIn _ -> pass(context, wish, "/");
            case SignInAgain _ -> pass(context, wish, SessionGuard.AGAIN);
            case BindFactor _ -> pass(context, wish, "/user");
            case ConfirmPassword _ -> pass(context, wish, "/confirm-password?next=" + SessionGuard.ENTER);
        }
    }

    /** To a door, from which the browser comes back. */
    private void pass(RoutingContext context, Wish wish, String door) {
        cookies.write(context, Cookies.Name.WISH, wishes.write(wish), Wish.LIFE);
        Web.redirect(context, Onward.by(door, wish.address().host()));
    }

    /** To the protected site, by an address that is made from the configuration. */
    private void leave(RoutingContext context, String address) {
        cookies.remove(context, Cookies.Name.WISH);
        context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, address)
                .end();
    }
}
