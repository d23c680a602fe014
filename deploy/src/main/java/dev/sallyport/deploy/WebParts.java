package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.CodeFactory;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.challenge.mongo.MongoChallengeStore;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.config.SallyportConfig.AuthzRule;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.crypto.CodeMac;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.crypto.WebTokens;
import dev.sallyport.enrollment.AccountFlow;
import dev.sallyport.enrollment.AccountRoutes;
import dev.sallyport.enrollment.AppFlow;
import dev.sallyport.enrollment.AppRoutes;
import dev.sallyport.enrollment.FactorGuard;
import dev.sallyport.enrollment.PhoneFlow;
import dev.sallyport.enrollment.PhoneProof;
import dev.sallyport.enrollment.PhoneRoutes;
import dev.sallyport.enrollment.SessionRoutes;
import dev.sallyport.enrollment.SignUpFlow;
import dev.sallyport.enrollment.SignUpRoutes;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.login.LoginFlow;
import dev.sallyport.login.LoginRoutes;
import dev.sallyport.login.PasswordCheck;
import dev.sallyport.login.RefusalFloor;
import dev.sallyport.login.SecondFactorCheck;
import dev.sallyport.login.SignInChallenges;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.password.BreachedPasswords;
import dev.sallyport.password.BundledPasswords;
import dev.sallyport.password.PasswordRules;
import dev.sallyport.password.PwnedPasswordsFile;
import dev.sallyport.password.sodium.SodiumPasswordHasher;
import dev.sallyport.password.sodium.VertxBreachedPasswords;
import dev.sallyport.phone.PhoneRules;
import dev.sallyport.session.CachedSessions;
import dev.sallyport.session.SessionDesk;
import dev.sallyport.session.kafka.SessionRecords;
import dev.sallyport.session.mongo.MongoSessions;
import dev.sallyport.sms.CodeEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.KafkaCodeEvents;
import dev.sallyport.sms.news.NewsDesk;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.mongo.MongoRateLimiter;
import dev.sallyport.web.Assets;
import dev.sallyport.web.ClientAddress;
import dev.sallyport.web.Cookies;
import dev.sallyport.web.Csrf;
import dev.sallyport.web.NewsFeed;
import dev.sallyport.web.Onward;
import dev.sallyport.web.Pages;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.Web;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The web roles: stores, flows and routes, wired by hand. */
final class WebParts {

    /** Each for 5 s: tokens that come in so many in that time, about 1 KB each. */
    private static final int SESSIONS_REMEMBERED = 50_000;

    private final SallyportConfig config;
    private final Keyring keyring;
    private final Clock clock;
    private final SecureRandom random;
    private final Ids ids;
    private final EventPublisher publisher;

    private final AuditEvents events;
    private final UserStore users;
    private final ChallengeStore challenges;
    private final CachedSessions sessions;
    private final RateLimiter limiter;
    private final SodiumPasswordHasher hasher;
    private final VertxBreachedPasswords breached;
    private final SessionDesk desk;

    private final boolean https;
    private final Cookies cookies;
    private final Assets assets;
    private final Web web;
    private final SessionGuard guard;
    private final NewsDesk newsDesk = new NewsDesk();
    private final NewsFeed feed;
    private final Optional<AuthzParts> authz;

    WebParts(
            Vertx vertx,
            SallyportConfig config,
            Keyring keyring,
            Clock clock,
            SecureRandom random,
            Ids ids,
            MongoDatabase database,
            EventPublisher publisher,
            MeterRegistry metrics) {
        this.config = config;
        this.keyring = keyring;
        this.clock = clock;
        this.random = random;
        this.ids = ids;
        this.publisher = publisher;

        events = new AuditEvents(clock, ids);
        users = new MongoUserStore(database.documents("accounts"), new AccountCipher(keyring));
        challenges = new MongoChallengeStore(database.documents("challenges"), new AccountCipher(keyring), clock);
        sessions = new CachedSessions(
                new MongoSessions(
                        database.documents("sessions"), clock, config.session().idle()),
                SESSIONS_REMEMBERED,
                clock,
                System::nanoTime,
                session -> publisher.publish(
                        List.of(SessionRecords.renewed(session, ids.next(), clock.instant())), _ -> {}));
        Gauge.builder("sallyport.sessions.remembered", sessions, CachedSessions::remembered)
                .description("Tokens of which this node remembers for seconds whether they open a session")
                .register(metrics);
        limiter = new MongoRateLimiter(database.documents("throttles"), new Lookup(keyring), clock);
        hasher = new SodiumPasswordHasher(vertx, random);
        BreachedPasswords bundled = new BundledPasswords();
        breached = new VertxBreachedPasswords(
                vertx,
                config.password()
                        .breachedFile()
                        .map(PwnedPasswordsFile::open)
                        .map(bundled::or)
                        .orElse(bundled));
        desk = new SessionDesk(sessions, events, clock, ids, config.session().absolute());

        https = "https".equals(config.siteUrl().getScheme());
        cookies = new Cookies(https);
        assets = new Assets();
        ClientAddress addresses = new ClientAddress(config.http().trustedProxies());
        web = new Web(
                new Pages(vertx),
                new Csrf(cookies, new WebTokens(keyring), ids, config.siteUrl()),
                addresses,
                new Onward(protectedHosts()),
                Map.of(
                        "brand", config.brandName(),
                        "assets", assets.prefix(),
                        "phoneScreen", config.showsPhoneScreen()));
        guard = new SessionGuard(sessions, cookies, clock, config.secondFactorRequired());
        feed = new NewsFeed(newsDesk, clock);
        authz = config.answersProxies()
                ? Optional.of(new AuthzParts(config, keyring, clock, ids, sessions, users, events, addresses, metrics))
                : Optional.empty();
    }

    /** The route tables of the web roles of this process. */
    List<Routes> routes() {
        List<Routes> routes = new ArrayList<>();
        if (config.activeRoles().contains(Role.LOGIN)) {
            routes.add(login());
            authz.map(parts -> parts.routes(guard, cookies)).ifPresent(routes::add);
        }
        if (config.activeRoles().contains(Role.ENROLLMENT)) {
            routes.addAll(enrollment());
        }
        return routes;
    }

    private LoginRoutes login() {
        TextCodes texts = texts(Role.LOGIN);
        PasswordCheck passwords = new PasswordCheck(
                users, hasher, limiter, new RefusalFloor(RefusalFloor.DEFAULT), events, new Lookup(keyring));
        SecondFactorCheck secondFactors = new SecondFactorCheck(challenges, users, limiter, texts, events, clock);
        SignInChallenges between = new SignInChallenges(users, challenges, texts, clock, ids);
        LoginFlow flow = new LoginFlow(passwords, secondFactors, between, desk, events);
        return new LoginRoutes(flow, web, guard, cookies, feed);
    }

    private List<Routes> enrollment() {
        int minimum =
                config.secondFactorRequired() ? PasswordRules.MINIMUM_WITH_SECOND_FACTOR : PasswordRules.MINIMUM_ALONE;
        PasswordRules rules = new PasswordRules(minimum, List.of(config.brandName()), breached);
        PhoneRules phones =
                new PhoneRules(config.phone().defaultRegion(), config.phone().regions());
        TextCodes texts = texts(Role.ENROLLMENT);
        SignUpFlow signUp = new SignUpFlow(users, rules, hasher, limiter, desk, events, ids);
        AccountFlow account = new AccountFlow(users, desk, events, config.secondFactorRequired());
        AppFlow app = new AppFlow(users, desk, events, clock, random);
        PhoneFlow phone = new PhoneFlow(challenges, texts, phones, events, clock, ids);
        PhoneProof proof = new PhoneProof(users, challenges, texts, desk, events);
        FactorGuard factors = new FactorGuard(guard, account);
        return List.of(
                new SignUpRoutes(signUp, minimum, web, guard),
                new AccountRoutes(account, web, guard, factors),
                new SessionRoutes(desk, web, guard, clock),
                new AppRoutes(app, config.brandName(), web, guard, factors),
                new PhoneRoutes(phone, proof, regionNames(), web, guard, factors, cookies, feed));
    }

    private TextCodes texts(Role role) {
        CodeFactory codes =
                new CodeFactory(random, new CodeMac(keyring), new PhoneKeys(keyring), new CodeSeal(keyring));
        CodeEvents dispatchers = new KafkaCodeEvents(role, new EventSigner(keyring, role), publisher);
        return new TextCodes(challenges, limiter, dispatchers, codes, events, clock, ids);
    }

    private String regionNames() {
        return String.join(
                ", ",
                config.phone().regions().stream()
                        .map(region -> Locale.of("", region).getDisplayCountry(Locale.ENGLISH))
                        // A line breaks between regions only.
                        .map(name -> name.replace(' ', '\u00a0'))
                        .toList());
    }

    Web web() {
        return web;
    }

    /** Writes what became of a message into its challenge. */
    void keep(Outcome outcome) {
        challenges.learn(outcome);
    }

    CachedSessions sessions() {
        return sessions;
    }

    NewsDesk newsDesk() {
        return newsDesk;
    }

    Assets assets() {
        return assets;
    }

    /** What answers reverse proxies, where this process does. */
    Optional<AuthzParts> authz() {
        return authz;
    }

    /** Where the answer to a form may lead beside this site. */
    List<String> protectedOrigins() {
        String scheme = https ? "https://" : "http://";
        return protectedHosts().stream().map(host -> scheme + host).toList();
    }

    private Set<String> protectedHosts() {
        return config.authz().rules().values().stream()
                .map(AuthzRule::host)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean https() {
        return https;
    }

    void stop() {
        hasher.stop();
        breached.stop();
    }
}
