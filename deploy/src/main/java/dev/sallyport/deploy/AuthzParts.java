package dev.sallyport.deploy;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sallyport.Ids;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.authz.Entrance;
import dev.sallyport.authz.Gate;
import dev.sallyport.authz.Holders;
import dev.sallyport.authz.Need;
import dev.sallyport.authz.Refusals;
import dev.sallyport.authz.SiteRule;
import dev.sallyport.authz.Sites;
import dev.sallyport.authz.Wishes;
import dev.sallyport.authz.http.CheckOutcome;
import dev.sallyport.authz.http.EnterRoutes;
import dev.sallyport.authz.http.ForwardAuth;
import dev.sallyport.authz.http.ForwardAuthVerticle;
import dev.sallyport.authz.http.HostCookies;
import dev.sallyport.authz.http.SiteEntrance;
import dev.sallyport.config.SallyportConfig;
import dev.sallyport.config.SallyportConfig.AuthzRule;
import dev.sallyport.crypto.Assertions;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.WebTokens;
import dev.sallyport.session.CachedSessions;
import dev.sallyport.web.ClientAddress;
import dev.sallyport.web.Cookies;
import dev.sallyport.web.Routes;
import dev.sallyport.web.SessionGuard;
import dev.sallyport.web.Visitors;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What answers reverse proxies and leads browsers into protected sites, wired by hand. */
final class AuthzParts {

    /** Each for 30 s, about 1 KB each: a third of a node's heap. */
    private static final int ASSERTIONS_KEPT = 100_000;

    private final Entrance entrance;
    private final Wishes wishes;
    private final ClientAddress addresses;
    private final Assertions assertions;
    private final ForwardAuth forwardAuth;
    private final SiteEntrance siteEntrance;
    private final Map<CheckOutcome, Counter> counters = new EnumMap<>(CheckOutcome.class);

    AuthzParts(
            SallyportConfig config,
            Keyring keyring,
            Clock clock,
            Ids ids,
            CachedSessions sessions,
            UserStore users,
            AuditEvents events,
            ClientAddress addresses,
            MeterRegistry metrics) {
        this.addresses = addresses;
        String central = origin(config);
        boolean https = central.startsWith("https:");
        Sites sites = new Sites(rules(config), https, least(config));
        HostCookies cookies = new HostCookies(https);
        for (CheckOutcome outcome : CheckOutcome.values()) {
            counters.put(outcome, metrics.counter("sallyport.authz.checks", "outcome", outcome.id()));
        }
        entrance = new Entrance(sites, sessions, users, clock, ids);
        wishes = new Wishes(new WebTokens(keyring), sites);
        assertions = new Assertions(keyring, central);
        forwardAuth = new ForwardAuth(
                sites,
                new Gate(sites, clock),
                new Holders(sessions, assertions, ASSERTIONS_KEPT, clock),
                new Refusals(sessions, events, clock, Ticker.systemTicker()),
                cookies,
                new Visitors(addresses, false),
                this::count);
        siteEntrance = new SiteEntrance(sites, entrance, wishes, cookies, ids, central);
    }

    /** Where people sign in, as the issuer of assertions. */
    private static String origin(SallyportConfig config) {
        String site = config.siteUrl().toString();
        return site.endsWith("/") ? site.substring(0, site.length() - 1) : site;
    }

    private static List<SiteRule> rules(SallyportConfig config) {
        return config.authz().rules().entrySet().stream()
                .map(named -> rule(named.getKey(), named.getValue()))
                .toList();
    }

    private static SiteRule rule(String name, AuthzRule rule) {
        return new SiteRule(name, rule.host(), rule.path(), rule.methods(), new Need(rule.aal(), rule.maxAge()));
    }

    /** Who must bind a second factor gets nowhere without one. */
    private static Need least(SallyportConfig config) {
        return config.secondFactorRequired() ? new Need(2, Optional.empty()) : Need.SIGNED_IN;
    }

    private void count(CheckOutcome outcome) {
        Optional.ofNullable(counters.get(outcome)).ifPresent(Counter::increment);
    }

    /** What the central site answers. */
    Routes routes(SessionGuard guard, Cookies cookies) {
        return new EnterRoutes(entrance, wishes, guard, cookies);
    }

    /** An instance of the proxies' server. */
    ForwardAuthVerticle server(HttpServerOptions options, BooleanSupplier leaving) {
        return new ForwardAuthVerticle(options, addresses, forwardAuth, siteEntrance, assertions, this::count, leaving);
    }
}
