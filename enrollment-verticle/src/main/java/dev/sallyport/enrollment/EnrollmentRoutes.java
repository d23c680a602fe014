package dev.sallyport.enrollment;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.account.Account;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.enrollment.PhoneFlow.Waiting;
import dev.sallyport.session.Session;
import dev.sallyport.session.SessionDesk.Entry;
import dev.sallyport.totp.TotpSecret;
import dev.sallyport.totp.TotpUri;
import dev.sallyport.web.Cookies;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.TextWords;
import dev.sallyport.web.Web;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sign-up, factors and the account page in HTTP: forms to the flows, their outcomes to pages and redirects. */
public final class EnrollmentRoutes implements Routes {

    private static final String APP_PATH = "/enable-tfa-via-app";
    private static final String SMS_PATH = "/enable-tfa-via-sms";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);

    /** What pages say that the flows don't know. */
    public record Words(String brand, String regions, int passwordMinimum, boolean secondFactorRequired) {}

    /** The flows behind the routes. */
    public record Flows(SignUpFlow signUp, AppFlow app, PhoneFlow phone, AccountFlow account) {}

    private final Flows flows;
    private final Words words;
    private final Web web;
    private final SessionGuard guard;
    private final Cookies cookies;

    public EnrollmentRoutes(Flows flows, Words words, Web web, SessionGuard guard, Cookies cookies) {
        this.flows = flows;
        this.words = words;
        this.web = web;
        this.guard = guard;
        this.cookies = cookies;
    }

    @Override
    public void mount(Router router) {
        router.get("/sign-up").handler(this::signUpPage);
        web.form(router.post("/sign-up")).handler(this::signUp);
        router.get("/user").handler(guard::signedIn).handler(guard::farEnough).handler(this::accountPage);
        changing(router.get(APP_PATH)).handler(this::appPage);
        changing(web.form(router.post(APP_PATH))).handler(this::proveApp);
        changing(router.get("/auth-qr-code.png")).handler(this::qrPicture);
        changing(web.form(router.post("/disable-tfa-via-app"))).handler(this::unbindApp);
        changing(router.get(SMS_PATH)).handler(this::phonePage);
        changing(web.form(router.post(SMS_PATH))).handler(this::bindPhone);
        changing(web.form(router.post(SMS_PATH + "/resend"))).handler(this::resend);
        changing(web.form(router.post("/disable-tfa-via-sms"))).handler(this::unbindPhone);
    }

    /** Checks for every route that changes how a person signs in. */
    private Route changing(Route route) {
        return route.handler(guard::signedIn).handler(guard::freshPassword);
    }

    private void signUpPage(RoutingContext context) {
        web.page(context, 200, "sign-up", Map.of("minimum", words.passwordMinimum()));
    }

    private void signUp(RoutingContext context) {
        String name = Web.field(context, "username");
        SignUpFlow.Outcome outcome = flows.signUp()
                .signUp(name, Web.field(context, "password1"), Web.field(context, "password2"), web.visitor(context));
        Map<String, Object> shown = new HashMap<>();
        shown.put("username", name);
        shown.put("minimum", words.passwordMinimum());
        switch (outcome) {
            case SignUpFlow.Created created -> {
                guard.enter(context, created.entry());
                Web.redirect(context, "/user");
            }
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
                Web.retryAfter(context, SignUpFlow.TAKEN_WINDOW);
                shown.put("problem", "Too many tries from your network. Try again in an hour.");
                web.page(context, 429, "sign-up", shown);
            }
        }
    }

    private void accountPage(RoutingContext context) {
        accountPage(context, 200, Map.of());
    }

    private void accountPage(RoutingContext context, int status, Map<String, Object> more) {
        Optional<Account> found = flows.account().find(SessionGuard.session(context));
        if (found.isEmpty()) {
            guard.leave(context);
            Web.redirect(context, "/");
            return;
        }
        Account account = found.get();
        Map<String, Object> shown = new HashMap<>(more);
        shown.put("required", words.secondFactorRequired());
        account.app().ifPresent(app -> shown.put("app", Map.of("since", day(app.boundAt()))));
        account.phone()
                .ifPresent(phone -> shown.put(
                        "phone",
                        Map.of(
                                "masked", phone.number().masked(),
                                "since", day(phone.boundAt()),
                                "disabled", phone.disabled())));
        shown.put("canUnbindApp", flows.account().canUnbind(account, FactorType.APP));
        shown.put("canUnbindPhone", flows.account().canUnbind(account, FactorType.PHONE));
        web.page(context, status, "user", shown);
    }

    private void appPage(RoutingContext context) {
        flows.app()
                .begin(SessionGuard.session(context))
                .ifPresentOrElse(
                        secret -> appPage(context, 200, secret, Map.of()), () -> Web.redirect(context, "/user"));
    }

    private void appPage(RoutingContext context, int status, TotpSecret secret, Map<String, Object> more) {
        Session session = SessionGuard.session(context);
        Map<String, Object> shown = new HashMap<>(more);
        shown.put("qr", "/auth-qr-code.png");
        shown.put("key", secret.base32().replaceAll("(.{4})(?=.)", "$1 "));
        shown.put("uri", TotpUri.of(words.brand(), session.userName(), secret).text());
        shown.put(
                "replacing", flows.account().find(session).flatMap(Account::app).isPresent());
        shown.put("required", mustBind(session));
        web.page(context, status, "enable-app", shown);
    }

    private void qrPicture(RoutingContext context) {
        Session session = SessionGuard.session(context);
        Optional<TotpSecret> secret = flows.app().pendingSecret(session);
        if (secret.isEmpty()) {
            context.fail(404);
            return;
        }
        byte[] png = QrPicture.png(
                TotpUri.of(words.brand(), session.userName(), secret.get()).text());
        context.response().putHeader(HttpHeaders.CONTENT_TYPE, "image/png").end(Buffer.buffer(png));
    }

    private void proveApp(RoutingContext context) {
        Session session = SessionGuard.session(context);
        switch (flows.app().prove(session, Web.field(context, "token"), web.visitor(context))) {
            case AppFlow.Bound bound -> enter(context, bound.entry());
            case AppFlow.WrongCode wrong ->
                flows.app()
                        .pendingSecret(session)
                        .ifPresentOrElse(
                                secret -> appPage(
                                        context,
                                        422,
                                        secret,
                                        Map.of(
                                                "problem",
                                                "That code is not the one for this key. Wait for the app's next one.")),
                                () -> Web.redirect(context, APP_PATH));
            case AppFlow.NotPending gone -> Web.redirect(context, APP_PATH);
        }
    }

    private void phonePage(RoutingContext context) {
        Optional<Waiting> waiting = waiting(context);
        if (waiting.isPresent() && !context.request().params().contains("another")) {
            codePage(context, 200, waiting.get(), "");
        } else {
            numberPage(context, 200, "", "");
        }
    }

    private void bindPhone(RoutingContext context) {
        boolean proves = context.request().formAttributes().contains("token");
        if (proves) {
            provePhone(context);
            return;
        }
        String typed = Web.field(context, "phone_number");
        switch (flows.phone().begin(SessionGuard.session(context), typed, web.visitor(context))) {
            case PhoneFlow.CodeSent sent -> {
                cookies.write(context, Cookies.Name.CHALLENGE, sent.token());
                Web.redirect(context, SMS_PATH);
            }
            case PhoneFlow.Unfit unfit -> numberPage(context, 422, typed, unfit.sentence());
            case PhoneFlow.NotSent failed -> numberPage(context, 503, typed, TextWords.NOT_SENT);
        }
    }

    private void provePhone(RoutingContext context) {
        Session session = SessionGuard.session(context);
        Optional<OpaqueToken> token = cookies.read(context, Cookies.Name.CHALLENGE);
        if (token.isEmpty()) {
            Web.redirect(context, SMS_PATH);
            return;
        }
        switch (flows.phone().prove(session, token.get(), Web.field(context, "token"), web.visitor(context))) {
            case PhoneFlow.Bound bound -> enter(context, bound.entry());
            case PhoneFlow.WrongCode wrong -> {
                String problem = wrong.expired()
                        ? "That code is too old. Ask for another message."
                        : "That code is wrong. Look at the newest message.";
                waiting(context)
                        .ifPresentOrElse(
                                now -> codePage(context, 422, now, problem), () -> Web.redirect(context, SMS_PATH));
            }
            case PhoneFlow.NotPending gone ->
                numberPage(context, 422, "", "That took too long or too many tries. Type the number again.");
        }
    }

    private void resend(RoutingContext context) {
        Session session = SessionGuard.session(context);
        Optional<TextCodes.Outcome> outcome = cookies.read(context, Cookies.Name.CHALLENGE)
                .flatMap(token -> flows.phone().resend(session, token, web.visitor(context)));
        Optional<Waiting> waiting = waiting(context);
        if (outcome.isEmpty() || waiting.isEmpty()) {
            Web.redirect(context, SMS_PATH);
            return;
        }
        switch (outcome.get()) {
            case TextCodes.Sent sent -> Web.redirect(context, SMS_PATH);
            case TextCodes.TooEarly early -> {
                Web.retryAfter(context, early.remaining());
                codePage(context, 429, waiting.get(), TextWords.tooEarly(early));
            }
            case TextCodes.Closed closed -> codePage(context, 429, waiting.get(), TextWords.CLOSED);
            case TextCodes.NotSent failed -> codePage(context, 503, waiting.get(), TextWords.NOT_SENT);
        }
    }

    private Optional<Waiting> waiting(RoutingContext context) {
        return cookies.read(context, Cookies.Name.CHALLENGE)
                .flatMap(token -> flows.phone().waiting(SessionGuard.session(context), token));
    }

    private void numberPage(RoutingContext context, int status, String typed, String problem) {
        Map<String, Object> shown = new HashMap<>();
        shown.put("phoneNumber", typed);
        shown.put("regions", words.regions());
        shown.put("required", mustBind(SessionGuard.session(context)));
        flows.account()
                .find(SessionGuard.session(context))
                .flatMap(Account::phone)
                .ifPresent(phone -> shown.put("current", phone.number().masked()));
        withProblem(shown, problem);
        web.page(context, status, "enable-sms", shown);
    }

    private void codePage(RoutingContext context, int status, Waiting waiting, String problem) {
        Map<String, Object> shown = new HashMap<>();
        shown.put("masked", waiting.challenge().text().orElseThrow().masked());
        shown.put("resend", TextWords.resend(waiting.challenge(), waiting.nextText()));
        withProblem(shown, problem);
        web.page(context, status, "enable-sms-code", shown);
    }

    /** True while the account page is closed until a factor is bound. */
    private boolean mustBind(Session session) {
        return words.secondFactorRequired() && session.aal() < 2;
    }

    private static void withProblem(Map<String, Object> shown, String problem) {
        if (!problem.isEmpty()) {
            shown.put("problem", problem);
        }
    }

    private void unbindApp(RoutingContext context) {
        unbind(context, FactorType.APP);
    }

    private void unbindPhone(RoutingContext context) {
        unbind(context, FactorType.PHONE);
    }

    private void unbind(RoutingContext context, FactorType factor) {
        Session session = SessionGuard.session(context);
        flows.account()
                .unbind(session, factor, web.visitor(context))
                .ifPresentOrElse(
                        entry -> enter(context, entry),
                        () -> accountPage(
                                context,
                                409,
                                Map.of("problem", "That can't be removed: it is not there, or it is the last one.")));
    }

    private void enter(RoutingContext context, Entry entry) {
        guard.enter(context, entry);
        Web.redirect(context, "/user");
    }

    private static String day(Instant time) {
        return DAY.format(time.atZone(ZoneOffset.UTC));
    }
}
