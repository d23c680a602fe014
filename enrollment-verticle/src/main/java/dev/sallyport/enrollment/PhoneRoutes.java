package dev.sallyport.enrollment;

import dev.sallyport.OpaqueToken;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.enrollment.PhoneFlow.Waiting;
import dev.sallyport.session.Session;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Binding a phone in HTTP: the number, then the code that it received. */
public final class PhoneRoutes implements Routes {

    private static final String PATH = "/enable-tfa-via-sms";
    private static final int FORBIDDEN = 403;

    private final PhoneFlow flow;
    private final PhoneProof proof;
    private final String regions;
    private final Web web;
    private final SessionGuard guard;
    private final FactorGuard factors;
    private final Cookies cookies;
    private final NewsFeed feed;

    /** @param regions the names of the regions whose numbers are taken, as people read them */
    public PhoneRoutes(
            PhoneFlow flow,
            PhoneProof proof,
            String regions,
            Web web,
            SessionGuard guard,
            FactorGuard factors,
            Cookies cookies,
            NewsFeed feed) {
        this.flow = flow;
        this.proof = proof;
        this.regions = regions;
        this.web = web;
        this.guard = guard;
        this.factors = factors;
        this.cookies = cookies;
        this.feed = feed;
    }

    @Override
    public void mount(Router router) {
        factors.changing(Web.mayWait(router.get(PATH))).handler(this::page);
        Web.mayWait(router.get(PATH + "/news")).handler(guard::anybody).handler(this::news);
        factors.changing(web.form(router.post(PATH))).handler(this::numberOrCode);
        factors.changing(web.form(router.post(PATH + "/resend"))).handler(this::resend);
    }

    private void page(RoutingContext context) {
        Optional<Waiting> waiting = waiting(context);
        if (waiting.isPresent() && !context.request().params().contains("another")) {
            codePage(context, 200, waiting.get(), "");
        } else {
            numberPage(context, 200, "", "");
        }
    }

    private void numberOrCode(RoutingContext context) {
        if (context.request().formAttributes().contains("token")) {
            prove(context);
        } else {
            begin(context);
        }
    }

    private void begin(RoutingContext context) {
        String typed = Web.field(context, "phone_number");
        switch (flow.begin(SessionGuard.session(context), typed, web.visitor(context))) {
            case PhoneFlow.CodeSent sent -> {
                cookies.write(context, Cookies.Name.CHALLENGE, sent.token());
                Web.redirect(context, PATH);
            }
            case PhoneFlow.Unfit unfit -> numberPage(context, 422, typed, unfit.sentence());
            case PhoneFlow.NotSent failed -> notSent(context, failed.token(), typed);
            case PhoneFlow.TooMany tooMany -> numberPage(context, 429, typed, TextWords.TOO_MANY);
        }
    }

    private void notSent(RoutingContext context, OpaqueToken token, String typed) {
        cookies.write(context, Cookies.Name.CHALLENGE, token);
        flow.waiting(SessionGuard.session(context), token)
                .ifPresentOrElse(
                        waiting -> codePage(context, 503, waiting, TextWords.NOT_SENT),
                        () -> numberPage(context, 503, typed, TextWords.NOT_SENT));
    }

    private void prove(RoutingContext context) {
        Session session = SessionGuard.session(context);
        Optional<OpaqueToken> token = cookies.read(context, Cookies.Name.CHALLENGE);
        if (token.isEmpty()) {
            Web.redirect(context, PATH);
            return;
        }
        switch (proof.check(session, token.get(), Web.field(context, "token"), web.visitor(context))) {
            case PhoneProof.Bound bound -> guard.enter(context, bound.entry(), AccountRoutes.CHANGED);
            case PhoneProof.WrongCode wrong -> {
                String problem = wrong.expired()
                        ? "That code is too old. Ask for another message."
                        : "That code is wrong. Look at the newest message.";
                waiting(context)
                        .ifPresentOrElse(
                                now -> codePage(context, 422, now, problem), () -> Web.redirect(context, PATH));
            }
            case PhoneProof.NotPending gone ->
                numberPage(context, 422, "", "That took too long or too many tries. Type the number again.");
        }
    }

    private void resend(RoutingContext context) {
        Session session = SessionGuard.session(context);
        Optional<TextCodes.Outcome> outcome = cookies.read(context, Cookies.Name.CHALLENGE)
                .flatMap(token -> flow.resend(session, token, web.visitor(context)));
        Optional<Waiting> waiting = waiting(context);
        if (outcome.isEmpty() || waiting.isEmpty()) {
            Web.redirect(context, PATH);
            return;
        }
        switch (outcome.get()) {
            case TextCodes.Sent sent -> Web.redirect(context, PATH);
            case TextCodes.TooEarly early -> {
                Web.retryAfter(context, early.remaining());
                codePage(context, 429, waiting.get(), TextWords.tooEarly(early));
            }
            case TextCodes.Closed closed -> codePage(context, 429, waiting.get(), TextWords.CLOSED);
            case TextCodes.NotSent failed -> codePage(context, 503, waiting.get(), TextWords.NOT_SENT);
            // The page says so by itself, as it does when it is loaded again.
            case TextCodes.TooMany tooMany -> codePage(context, 429, waiting.get(), "");
        }
    }

    private Optional<Waiting> waiting(RoutingContext context) {
        return cookies.read(context, Cookies.Name.CHALLENGE)
                .flatMap(token -> flow.waiting(SessionGuard.session(context), token));
    }

    /** What becomes of the message, to whoever has the challenge's cookie and the session that asked. */
    private void news(RoutingContext context) {
        if (SessionGuard.isSignedIn(context)) {
            feed.open(context, () -> waiting(context).flatMap(PhoneRoutes::watched));
        } else {
            context.response().setStatusCode(FORBIDDEN).end();
        }
    }

    private static Optional<Watched> watched(Waiting waiting) {
        return Watched.of(waiting.challenge(), new Ways(waiting.nextText().isPresent(), false, true));
    }

    private void numberPage(RoutingContext context, int status, String typed, String problem) {
        Session session = SessionGuard.session(context);
        Map<String, Object> shown = new HashMap<>();
        shown.put("phoneNumber", typed);
        shown.put("regions", regions);
        shown.put("required", guard.mustBind(session));
        FactorGuard.account(context)
                .phone()
                .ifPresent(phone -> shown.put("current", phone.number().masked()));
        Web.problem(shown, problem);
        web.page(context, status, "enable-sms", shown);
    }

    private void codePage(RoutingContext context, int status, Waiting waiting, String problem) {
        Map<String, Object> shown = new HashMap<>();
        shown.put("masked", waiting.challenge().text().orElseThrow().masked());
        shown.put("resend", TextWords.resend(waiting.challenge(), waiting.nextText()));
        watched(waiting).ifPresent(watched -> shown.put("news", feed.shown(watched)));
        Web.problem(shown, problem);
        web.page(context, status, "enable-sms-code", shown);
    }
}
