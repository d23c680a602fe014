package dev.sallyport.authz;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.account.Account;
import dev.sallyport.account.UserStore;
import dev.sallyport.authz.Sites.Address;
import dev.sallyport.session.Pass;
import dev.sallyport.session.Session;
import dev.sallyport.session.Sessions;
import dev.sallyport.session.Ticket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The way into a protected site: a browser wishes to get in there, passes whatever doors are missing at the central
 * site, gets a ticket there, and shows it at the protected site for a cookie of its own. {@link #lead} alone decides
 * what is next at the central site.
 */
public final class Entrance {

    /** A ticket is on its way for as long as a redirect takes. */
    public static final Duration TICKET_LIFE = Duration.ofSeconds(30);

    /** What is next for a browser that comes to the central site with a wish. */
    public sealed interface Lead {}

    /** In: it takes the ticket to the site. */
    public record Admit(Address address, Pass ticket) implements Lead {}

    /** Nobody is signed in. */
    public record SignIn() implements Lead {}

    /** Two factors are needed, the person has them, and this session was opened with one. */
    public record SignInAgain() implements Lead {}

    /** Two factors are needed, and the person has one. */
    public record BindFactor() implements Lead {}

    /** The password is needed once more. */
    public record ConfirmPassword() implements Lead {}

    /** The wish took too long: the browser asks for its page again. */
    public record StartAgain(Address address) implements Lead {}

    /** What a browser gets at the site for its ticket. */
    public record Admission(Pass token, Address address) {}

    private final Sites sites;
    private final Sessions sessions;
    private final UserStore users;
    private final Clock clock;
    private final Ids ids;

    public Entrance(Sites sites, Sessions sessions, UserStore users, Clock clock, Ids ids) {
        this.sites = sites;
        this.sessions = sessions;
        this.users = users;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What a browser wishes that asked a protected site to be let in.
     *
     * @param host as {@link Sites#host} gives it
     * @param address where it wants to be then, as it said; the site's first page if that is none of the site's addresses
     * @param need what it was asked for beside what the address needs
     * @param nonce what the browser keeps at that site
     */
    public Wish wish(String host, String address, Need need, OpaqueToken nonce) {
        Address known = sites.addressAt(host, address);
        Need all = sites.judge(host, "GET", known.uri()).need().and(need);
        return new Wish(known, nonce.hash(), all, clock.instant().plus(Wish.LIFE));
    }

    /** What is next for whoever is signed in at the central site, or for nobody. */
    public Lead lead(Optional<Session> session, Wish wish) {
        Instant now = clock.instant();
        if (!now.isBefore(wish.expiresAt())) {
            return new StartAgain(wish.address());
        }
        if (session.isEmpty()) {
            return new SignIn();
        }
        if (!wish.need().isSureEnough(session.get())) {
            return hasSecondFactor(session.get()) ? new SignInAgain() : new BindFactor();
        }
        return wish.need().isFreshEnough(session.get(), now) ? admit(session.get(), wish, now) : new ConfirmPassword();
    }

    private boolean hasSecondFactor(Session session) {
        return users.find(session.account()).filter(Account::hasSecondFactor).isPresent();
    }

    private Lead admit(Session session, Wish wish, Instant now) {
        Pass pass = new Pass(session.handle(), ids.token());
        Ticket ticket = new Ticket(
                pass, wish.address().host(), wish.nonceHash(), wish.address().uri(), now.plus(TICKET_LIFE));
        return sessions.issue(ticket) ? new Admit(wish.address(), pass) : new SignIn();
    }

    /**
     * Lets a browser into a site for a ticket, once.
     *
     * @param host at which the ticket is shown
     * @param nonce what that browser keeps there
     * @return empty for a ticket that is used or too old, or that was given to another browser or for another site
     */
    public Optional<Admission> admit(Pass ticket, String host, OpaqueToken nonce) {
        Pass token = new Pass(ticket.session(), ids.token());
        return sessions.admit(ticket, host, nonce.hash(), token)
                .map(uri -> new Admission(token, sites.addressAt(host, uri)));
    }
}
