package dev.sallyport.authz.http;

import dev.sallyport.OutageLog;
import dev.sallyport.Visitor;
import dev.sallyport.authz.Asked;
import dev.sallyport.authz.Gate;
import dev.sallyport.authz.Gate.Allowed;
import dev.sallyport.authz.Gate.SignInNeeded;
import dev.sallyport.authz.Gate.StepUpNeeded;
import dev.sallyport.authz.Holders;
import dev.sallyport.authz.Holders.Holder;
import dev.sallyport.authz.Holders.Recalled;
import dev.sallyport.authz.Identity;
import dev.sallyport.authz.Need;
import dev.sallyport.authz.Refusals;
import dev.sallyport.authz.Sites;
import dev.sallyport.authz.http.Questions.Question;
import dev.sallyport.session.Pass;
import dev.sallyport.web.Visitors;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a proxy may let a request through. 200: it may, and passes the headers of the answer on to the application.
 * 401: not before somebody has signed in, or has proven more; {@code Sallyport-Location} says where a browser does that. 302: the
 * same, where the proxy hands our answer to a browser. 403: the proxy asks for what we don't protect, or unclearly.
 * 503: nobody can tell just now.
 *
 * <p>What this node remembers is answered on the event loop; whatever else takes a virtual thread and one read of the
 * store, however many ask for it at once.
 */
public final class ForwardAuth {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardAuth.class);

    private static final CharSequence USER = HttpHeaders.createOptimized("remote-user");
    private static final CharSequence ACCOUNT = HttpHeaders.createOptimized("remote-account");
    private static final CharSequence AAL = HttpHeaders.createOptimized("remote-aal");
    private static final CharSequence AMR = HttpHeaders.createOptimized("remote-amr");
    private static final CharSequence AUTH_TIME = HttpHeaders.createOptimized("remote-auth-time");
    private static final CharSequence ASSERTION = HttpHeaders.createOptimized("sallyport-assertion");
    private static final CharSequence CHALLENGE = HttpHeaders.createOptimized("www-authenticate");
    private static final CharSequence SIGN_IN_AT = HttpHeaders.createOptimized("sallyport-location");
    private static final String SIGN_IN = "Bearer realm=\"sallyport\"";

    /** One question. */
    private record Check(HttpServerRequest request, Question question, String host) {

        Asked asked() {
            return question.asked();
        }
    }

    private final Sites sites;
    private final Gate gate;
    private final Holders holders;
    private final Refusals refusals;
    private final Questions questions = new Questions();
    private final HostCookies cookies;
    private final Visitors visitors;
    private final Consumer<CheckOutcome> counted;
    private final SharedReads<Optional<Holder>> reads = new SharedReads<>();
    private final ToldOnce told = new ToldOnce(LOG);
    private final OutageLog untold = new OutageLog(LOG, "Refusals at protected sites are not told to auditors");
    private final OutageLog outage =
            new OutageLog(LOG, "Requests to protected sites are refused, and can be tried again");

    public ForwardAuth(
            Sites sites,
            Gate gate,
            Holders holders,
            Refusals refusals,
            HostCookies cookies,
            Visitors visitors,
            Consumer<CheckOutcome> counted) {
        this.sites = sites;
        this.gate = gate;
        this.holders = holders;
        this.refusals = refusals;
        this.cookies = cookies;
        this.visitors = visitors;
        this.counted = counted;
    }

    void handle(HttpServerRequest request, Room room) {
        Optional<Question> question = questions.read(request);
        Optional<String> host = question.flatMap(one -> sites.host(one.asked().host()));
        if (question.isEmpty()) {
            refuse(request, CheckOutcome.UNCLEAR, "The proxy does not say clearly what is asked for.");
        } else if (host.isEmpty()) {
            told.warn("A proxy asks about %s, for which there is no rule, and is refused"
                    .formatted(Sites.written(question.get().asked().host())));
            refuse(request, CheckOutcome.UNKNOWN_HOST, "No rule is about this host.");
        } else if (question.get().asked().uri().startsWith(Sites.OWN_PATH)) {
            refuse(request, CheckOutcome.UNCLEAR, "The proxy has to pass " + Sites.OWN_PATH + " on without asking.");
        } else {
            check(new Check(request, question.get(), host.get()), room);
        }
    }

    private void refuse(HttpServerRequest request, CheckOutcome outcome, String sentence) {
        counted.accept(outcome);
        PlainAnswers.end(request, 403, sentence);
    }

    private void check(Check check, Room room) {
        Optional<Pass> token = cookies.site(check.request());
        Optional<Recalled> known =
                token.isEmpty() ? Optional.of(Recalled.NOBODY) : holders.recall(token.get(), check.host());
        known.ifPresentOrElse(
                recalled -> answer(check, recalled.holder(), room), () -> find(check, token.orElseThrow(), room));
    }

    private void find(Check check, Pass token, Room room) {
        reads.read(token.key(check.host()), room, () -> holders.find(token, check.host()))
                .onSuccess(holder -> {
                    outage.worked();
                    answer(check, holder, room);
                })
                .onFailure(cause -> {
                    outage.failed(cause);
                    counted.accept(CheckOutcome.UNAVAILABLE);
                    PlainAnswers.begin(check.request(), 503)
                            .putHeader(HttpHeaders.RETRY_AFTER, "5")
                            .end();
                });
    }

    private void answer(Check check, Optional<Holder> holder, Room room) {
        switch (gate.decide(check.host(), check.asked(), holder.map(Holder::session))) {
            case Allowed _ -> letThrough(check, holder.orElseThrow().identity());
            case SignInNeeded needed -> leadIn(check, CheckOutcome.SIGN_IN_NEEDED, SIGN_IN, needed.need());
            case StepUpNeeded needed -> {
                tell(needed, check, room);
                leadIn(check, CheckOutcome.STEP_UP_NEEDED, stepUp(needed.need()), needed.need());
            }
        }
    }

    /** Always all of these headers: a proxy replaces by them what the client has sent under their names. */
    private void letThrough(Check check, Identity identity) {
        counted.accept(CheckOutcome.ALLOWED);
        PlainAnswers.begin(check.request(), 200)
                .putHeader(USER, identity.user())
                .putHeader(ACCOUNT, identity.account())
                .putHeader(AAL, identity.aal())
                .putHeader(AMR, identity.amr())
                .putHeader(AUTH_TIME, identity.authTime())
                .putHeader(ASSERTION, identity.assertion())
                .end();
    }

    private void leadIn(Check check, CheckOutcome outcome, String challenge, Need need) {
        counted.accept(outcome);
        String start = SiteEntrance.start(sites, check.host(), check.asked(), need);
        if (check.question().passedOn() && check.asked().page()) {
            PlainAnswers.redirect(check.request(), start);
        } else {
            PlainAnswers.begin(check.request(), 401)
                    .putHeader(CHALLENGE, challenge)
                    .putHeader(SIGN_IN_AT, start)
                    .end();
        }
    }

    /** In the words of RFC 9470. */
    private static String stepUp(Need need) {
        return "Bearer error=\"insufficient_user_authentication\","
                + " error_description=\"Another factor, or a fresh password, is needed\", acr_values=\""
                + Identity.acr(need.aal())
                + '"'
                + need.maxAge()
                        .map(age -> ", max_age=\"" + age.toSeconds() + '"')
                        .orElse("");
    }

    /** Nobody waits for it. */
    private void tell(StepUpNeeded refused, Check check, Room room) {
        if (refusals.isNews(refused)) {
            Visitor visitor = visitors.of(check.request());
            room.call(() -> {
                        refusals.tell(refused, check.host(), visitor);
                        return true;
                    })
                    .onSuccess(_ -> untold.worked())
                    .onFailure(untold::failed);
        }
    }
}
