package dev.sallyport.enrollment;

import dev.sallyport.account.Account;
import dev.sallyport.session.Session;
import dev.sallyport.web.Refusal;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.Web;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/** The checks in the chain of every route that changes how a person signs in. */
public final class FactorGuard {

    private static final String KEY = "sallyport.account";

    private final SessionGuard guard;
    private final AccountFlow accounts;

    public FactorGuard(SessionGuard guard, AccountFlow accounts) {
        this.guard = guard;
        this.accounts = accounts;
    }

    /** Somebody is signed in, has typed the password lately, and has passed as many doors as the account now has. */
    Route changing(Route route) {
        return route.handler(guard::signedIn).handler(guard::freshPassword).handler(this::bothDoors);
    }

    private void bothDoors(RoutingContext context) {
        Session session = SessionGuard.session(context);
        Optional<Account> account = accounts.find(session);
        if (account.isEmpty()) {
            guard.leave(context);
            Web.redirect(context, SessionGuard.ENDED);
        } else if (session.mayChange(account.get())) {
            context.put(KEY, account.get());
            context.next();
        } else {
            context.fail(new Refusal(
                    403,
                    "Sign in again first",
                    "The second step of this account has changed since you signed in here. Sign out, and sign in with"
                            + " it, to change how you sign in."));
        }
    }

    /** The account as it stood when the checks were passed. */
    static Account account(RoutingContext context) {
        return Objects.requireNonNull(context.<Account>get(KEY));
    }
}
