package dev.sallyport.login;

import dev.sallyport.OpaqueToken;
import dev.sallyport.account.Account;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.login.LoginFlow.CodeOutcome;
import dev.sallyport.login.LoginFlow.Refused;
import dev.sallyport.login.LoginFlow.SecondFactorNeeded;
import dev.sallyport.login.LoginFlow.SignedIn;
import dev.sallyport.login.LoginFlow.StartAgain;
import dev.sallyport.login.LoginFlow.Throttled;
import dev.sallyport.login.LoginFlow.WrongCode;
import dev.sallyport.login.SignInChallenges.SecondDoor;
import dev.sallyport.password.Password;
import dev.sallyport.web.Cookies;
import dev.sallyport.web.NewsFeed;
import dev.sallyport.web.NewsFeed.Watched;
import dev.sallyport.web.NewsWords.Ways;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.TextWords;
import dev.sallyport.web.Web;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The doors in HTTP: forms to {@link LoginFlow}, its outcomes to pages and redirects. */
public final class LoginRoutes implements Routes {

    private static final String WRONG = "The user name or the password is wrong.";
    private static final String START_AGAIN = "That took too long or too many tries. Please sign in again.";

    private static final String NEWS = "/verify-tfa/news";

    private static final String SIGNED_OUT = "/?signed-out";

    /** What the first door says to somebody who was led there. */
    private static final Map<String, String> NOTICES =
            Map.of(SIGNED_OUT, "You are signed out.", SessionGuard.ENDED, "Your session has ended. Sign in to go on.");

    /** Where the password page may send a person on to; nothing else in {@code next} counts. */
    private static final List<String> AFTER_CONFIRMATION =
            List.of("/enable-tfa-via-app", "/enable-tfa-via-sms", "/user", SessionGuard.ENTER);

    private final LoginFlow flow;
    private final Web web;
    private final SessionGuard guard;
    private final Cookies cookies;
    private final NewsFeed feed;

    public LoginRoutes(LoginFlow flow, Web web, SessionGuard guard, Cookies cookies, NewsFeed feed) {
        this.flow = flow;
        this.web = web;
        this.guard = guard;
        this.cookies = cookies;
        this.feed = feed;
    }

    @Override
    public void mount(Router router) {
        Web.mayWait(router.get("/"), guard::bringsToken).handler(guard::anybody).handler(this::signInPage);
        web.form(router.post("/")).handler(this::signIn);
        Web.mayWait(router.get("/verify-tfa")).handler(this::secondDoorPage);
        Web.mayWait(router.get(NEWS)).handler(this::news);
        web.form(router.post("/verify-tfa")).handler(this::secondFactor);
        web.form(router.post("/verify-tfa/resend")).handler(this::resend);
        Web.mayWait(router.get("/confirm-password")).handler(guard::signedIn).handler(this::confirmPage);
        web.form(router.post("/confirm-password")).handler(guard::signedIn).handler(this::confirm);
        Web.mayWait(router.get("/logout")).handler(guard::signedIn).handler(this::signOutPage);
        web.form(router.post("/logout")).handler(guard::anybody).handler(this::signOut);
    }

    private void signInPage(RoutingContext context) {
        String asked = context.request().uri();
        boolean again = asked.startsWith(SessionGuard.AGAIN);
        if (SessionGuard.isSignedIn(context) && !again) {
            Web.redirect(context, "/user");
        } else {
            web.page(context, 200, "sign-in", Map.of("notice", NOTICES.getOrDefault(asked, ""), "again", again));
        }
    }

    private void signIn(RoutingContext context) {
        String name = Web.field(context, "username");
        Password password = Password.typed(Web.field(context, "password"));
        switch (flow.password(name, password, web.visitor(context))) {
            case SignedIn in -> guard.enter(context, in.entry(), "/user");
            case SecondFactorNeeded needed -> {
                cookies.write(context, Cookies.Name.CHALLENGE, needed.token());
                Web.redirect(context, "/verify-tfa");
            }
            case Refused refused -> {
                Web.holdBack(context, refused.floor());
                web.page(context, 401, "sign-in", Map.of("username", name, "problem", WRONG));
            }
            case Throttled throttled -> throttled(context, "sign-in", Map.of("username", name), throttled.remaining());
        }
    }

    private void secondDoorPage(RoutingContext context) {
        secondDoor(context, 200, "");
    }

    private void secondFactor(RoutingContext context) {
        Optional<OpaqueToken> token = cookies.read(context, Cookies.Name.CHALLENGE);
        CodeOutcome outcome = token.isEmpty()
                ? new StartAgain()
                : flow.secondFactor(token.get(), Web.field(context, "token"), web.visitor(context));
        switch (outcome) {
            case SignedIn in -> guard.enter(context, in.entry(), "/user");
            case WrongCode wrong -> secondDoor(context, 401, sentence(wrong));
            case Throttled throttled -> {
                Web.retryAfter(context, throttled.remaining());
                secondDoor(context, 429, tooMany(throttled.remaining()));
            }
            case StartAgain again -> startAgain(context);
        }
    }

    private void resend(RoutingContext context) {
        Optional<TextCodes.Outcome> outcome = cookies.read(context, Cookies.Name.CHALLENGE)
                .flatMap(token -> flow.resend(token, web.visitor(context)));
        if (outcome.isEmpty()) {
            secondDoor(context, 409, "There is no phone that takes codes for this sign-in.");
            return;
        }
        switch (outcome.get()) {
            case TextCodes.Sent sent -> Web.redirect(context, "/verify-tfa");
            case TextCodes.TooEarly early -> {
                Web.retryAfter(context, early.remaining());
                secondDoor(context, 429, TextWords.tooEarly(early));
            }
            case TextCodes.Closed closed -> secondDoor(context, 429, TextWords.CLOSED);
            case TextCodes.NotSent failed -> secondDoor(context, 503, TextWords.NOT_SENT);
            // The page says so by itself, as it does when it is loaded again.
            case TextCodes.TooMany tooMany -> secondDoor(context, 429, "");
        }
    }

    /** Shows the second door with a problem; without a challenge the first door. */
    private void secondDoor(RoutingContext context, int status, String problem) {
        Optional<SecondDoor> door = door(context);
        if (door.isPresent()) {
            Map<String, Object> shown = shown(door.get());
            watched(door.get()).ifPresent(watched -> shown.put("news", feed.shown(watched)));
            Web.problem(shown, problem);
            web.page(context, status, "verify-tfa", shown);
        } else if (status == 200) {
            Web.redirect(context, "/");
        } else {
            startAgain(context);
        }
    }

    private Optional<SecondDoor> door(RoutingContext context) {
        return cookies.read(context, Cookies.Name.CHALLENGE).flatMap(flow::secondDoor);
    }

    /** What becomes of the message, to whoever has the challenge's cookie. */
    private void news(RoutingContext context) {
        feed.open(context, () -> door(context).flatMap(LoginRoutes::watched));
    }

    private static Optional<Watched> watched(SecondDoor door) {
        Ways ways = new Ways(door.nextText().isPresent(), door.account().app().isPresent(), false);
        return Watched.of(door.challenge(), ways);
    }

    private static Map<String, Object> shown(SecondDoor door) {
        Map<String, Object> shown = new HashMap<>();
        Account account = door.account();
        shown.put("app", account.app().isPresent());
        account.phone().ifPresent(phone -> {
            shown.put("phone", phone.number().masked());
            shown.put("phoneDisabled", phone.disabled());
            shown.put("closed", phone.disabled() && account.app().isEmpty());
            if (!phone.disabled()) {
                shown.put("resend", TextWords.resend(door.challenge(), door.nextText()));
            }
        });
        shown.put("sent", door.challenge().hasSent());
        if (door.codeLives()) {
            shown.put("codeMinutes", TextCodes.CODE_LIFE.toMinutes());
        }
        return shown;
    }

    private void confirmPage(RoutingContext context) {
        web.page(
                context,
                200,
                "confirm-password",
                Map.of("next", next(context.request().getParam("next", ""))));
    }

    private void confirm(RoutingContext context) {
        String next = next(Web.field(context, "next"));
        Password password = Password.typed(Web.field(context, "password"));
        switch (flow.confirmPassword(SessionGuard.session(context), password, web.visitor(context))) {
            case SignedIn in -> guard.renew(context, in.entry(), next);
            case Refused refused -> {
                Web.holdBack(context, refused.floor());
                web.page(
                        context,
                        401,
                        "confirm-password",
                        Map.of("next", next, "problem", "That is not your password."));
            }
            case Throttled throttled ->
                throttled(context, "confirm-password", Map.of("next", next), throttled.remaining());
            case StartAgain again -> startAgain(context);
        }
    }

    private static String next(String asked) {
        return AFTER_CONFIRMATION.contains(asked) ? asked : "/user";
    }

    private void signOutPage(RoutingContext context) {
        web.page(context, 200, "logout", Map.of());
    }

    private void signOut(RoutingContext context) {
        if (SessionGuard.isSignedIn(context)) {
            flow.signOut(SessionGuard.session(context), web.visitor(context));
        }
        guard.leave(context);
        Web.redirect(context, SIGNED_OUT);
    }

    private void startAgain(RoutingContext context) {
        cookies.remove(context, Cookies.Name.CHALLENGE);
        web.page(context, 401, "sign-in", Map.of("problem", START_AGAIN));
    }

    private void throttled(RoutingContext context, String page, Map<String, Object> shown, Duration wait) {
        Web.retryAfter(context, wait);
        Map<String, Object> all = new HashMap<>(shown);
        all.put("problem", tooMany(wait));
        web.page(context, 429, page, all);
    }

    private static String tooMany(Duration wait) {
        return "Too many tries. Wait " + TextWords.seconds(wait) + " and try again.";
    }

    private static String sentence(WrongCode wrong) {
        return switch (wrong.problem()) {
            case MALFORMED -> "A code is six digits.";
            case WRONG_CODE ->
                "That code is wrong. You have " + wrong.triesLeft() + (wrong.triesLeft() == 1 ? " try" : " tries")
                        + " left.";
            case EXPIRED -> "That code is too old. Ask for another message.";
            case ALREADY_USED -> "That code was already used. Wait for the next one.";
            case APP_CLOSED ->
                "App codes are closed at this place after too many wrong ones. Sign in where you did"
                        + " before, or use a text message.";
        };
    }
}
