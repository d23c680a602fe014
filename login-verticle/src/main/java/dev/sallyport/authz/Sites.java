package dev.sallyport.authz;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The protected sites: those hosts that have a rule. What each of their parts needs, and which addresses are theirs.
 * Nobody is ever sent to any other.
 */
public final class Sites {

    /** Below it each protected site has the pages by which one enters it. */
    public static final String OWN_PATH = "/.sallyport/";

    /** Longer ones don't fit into the cookie that remembers them. */
    private static final int LONGEST_ADDRESS = 2_000;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?");

    /** The whole of an address, with nothing that any browser reads in another way: no user, no tab, no backslash. */
    private static final Pattern ADDRESS =
            Pattern.compile("(https?)://(" + HOST.pattern() + ")(/[!-~&&[^\"#<>\\\\^`{|}]]*)?");

    /**
     * What a request needs.
     *
     * @param rule the name of the rule that says so
     */
    public record Judged(String rule, Need need) {}

    /**
     * An address of a protected site.
     *
     * @param host as in the rules
     * @param origin scheme and host, from the configuration and never from a request
     * @param uri path and query, beginning with a slash
     */
    public record Address(String host, String origin, String uri) {

        public String text() {
            return origin + uri;
        }
    }

    private record Site(List<SiteRule> rules, Judged strictest) {}

    private final String scheme;
    private final String schemesPort;
    private final Need least;
    private final Map<String, Site> sites = new HashMap<>();

    /**
     * @param https whether browsers reach them by https, as they do the central site
     * @param least what each part of each site needs at least
     */
    public Sites(List<SiteRule> rules, boolean https, Need least) {
        this.scheme = https ? "https" : "http";
        this.schemesPort = https ? ":443" : ":80";
        this.least = least;
        for (SiteRule rule : rules) {
            sites.computeIfAbsent(rule.host(), host -> site(host, rules));
        }
    }

    private Site site(String host, List<SiteRule> all) {
        List<SiteRule> rules = all.stream()
                .filter(rule -> rule.host().equals(host))
                .sorted(Comparator.<SiteRule>comparingInt(rule -> rule.path().length())
                        .reversed()
                        .thenComparing(SiteRule::name))
                .toList();
        Need strictest = rules.stream().map(SiteRule::need).reduce(least, Need::and);
        return new Site(rules, new Judged("strictest", strictest));
    }

    /** What a client calls a host, if it can be shown in a log; it may be anything. */
    public static String written(String asked) {
        return HOST.matcher(asked).matches() ? asked.toLowerCase(Locale.ROOT) : "something that is no host";
    }

    /** The protected host that a client means by what it calls a host; empty if it is none. */
    public Optional<String> host(String asked) {
        if (!HOST.matcher(asked).matches()) {
            return Optional.empty();
        }
        String lower = asked.toLowerCase(Locale.ROOT);
        String host = lower.endsWith(schemesPort) ? lower.substring(0, lower.length() - schemesPort.length()) : lower;
        return Optional.of(host).filter(sites::containsKey);
    }

    /**
     * What a request to a protected site needs. A path that can be understood in two ways needs what the strictest rules
     * of the site together ask for; one whose case decides needs what both rules ask for. Rules with the same path hold
     * together.
     *
     * @param host as {@link #host} gives it
     * @param uri path and query, as the client sent them
     */
    public Judged judge(String host, String method, String uri) {
        Site site = sites.get(host);
        if (site == null) {
            throw new IllegalArgumentException("not a protected host");
        }
        int query = uri.indexOf('?');
        return AskedPath.parse(query < 0 ? uri : uri.substring(0, query))
                .map(path -> judge(site, method, path))
                .orElse(site.strictest());
    }

    private Judged judge(Site site, String method, AskedPath path) {
        Judged inAnyCase = closest(site, method, rule -> path.isAtOrBelowInAnyCase(rule.path()));
        Judged exactly = closest(site, method, rule -> path.isAtOrBelow(rule.path()));
        return new Judged(inAnyCase.rule(), inAnyCase.need().and(exactly.need()));
    }

    /** What the rules with the longest path ask for, all of them; the first that asks for anything more gives its name. */
    private Judged closest(Site site, String method, Predicate<SiteRule> matches) {
        String upper = method.toUpperCase(Locale.ROOT);
        Judged judged = new Judged("none", least);
        int length = -1;
        for (SiteRule rule : site.rules()) {
            boolean counts = length < 0 || rule.path().length() == length;
            if (counts && rule.isFor(upper) && matches.test(rule)) {
                Need need = judged.need().and(rule.need());
                boolean first = length < 0;
                judged = first || !need.equals(judged.need()) ? new Judged(rule.name(), need) : judged;
                length = rule.path().length();
            }
        }
        return judged;
    }

    /** The first page of a protected site. */
    public Address home(String host) {
        return new Address(host, scheme + "://" + host, "/");
    }

    /** An address of a protected site as a client wrote it; empty if it is none, or none to which anybody can be sent. */
    public Optional<Address> address(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        if (text.length() > LONGEST_ADDRESS
                || !matcher.matches()
                || !matcher.group(1).equals(scheme)) {
            return Optional.empty();
        }
        String uri = matcher.group(3) == null ? "/" : matcher.group(3);
        return host(matcher.group(2))
                .filter(host -> !uri.startsWith(OWN_PATH))
                .map(host -> new Address(host, home(host).origin(), uri));
    }

    /** The same for an address of one site, which may be a path only; its first page if it is none. */
    public Address addressAt(String host, String text) {
        String whole = text.startsWith("/") ? home(host).origin() + text : text;
        return address(whole).filter(address -> address.host().equals(host)).orElse(home(host));
    }
}
