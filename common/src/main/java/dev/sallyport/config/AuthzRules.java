package dev.sallyport.config;

import dev.sallyport.config.SallyportConfig.AuthzRule;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold for rules of protected sites; part of {@link ConfigRules}. */
final class AuthzRules {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> TAKEN = Set.of("strictest", "none");
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?");
    /** As no client can write it in another way. */
    private static final Pattern PATH = Pattern.compile("/|(?:/(?!\\.)[A-Za-z0-9_~.-]*[A-Za-z0-9_~-])+/?");

    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final SallyportConfig config;
    private final List<String> problems;

    private AuthzRules(SallyportConfig config, List<String> problems) {
        this.config = config;
        this.problems = problems;
    }

    static void check(SallyportConfig config, List<String> problems) {
        if (!config.authz().rules().isEmpty()) {
            new AuthzRules(config, problems).check();
        }
    }

    private void check() {
        URI site = config.siteUrl();
        if (!"https".equals(site.getScheme()) && !LOOPBACK.contains(String.valueOf(site.getHost()))) {
            problems.add(
                    "SALLYPORT_AUTHZ_RULES_… protect sites, whose cookies need https, and SALLYPORT_PUBLIC_URL is not"
                            + " https; http is for trying out on loopback.");
        }
        config.authz().rules().forEach((name, rule) -> {
            if (TAKEN.contains(name)) {
                problems.add("A rule can't be called " + name + ": events say so where no rule alone decides. Call it"
                        + " otherwise in sallyport.authz.rules.");
            }
            rule(prefix(name), rule);
        });
    }

    private void rule(String prefix, AuthzRule rule) {
        if (!HOST.matcher(rule.host()).matches()) {
            problems.add(
                    prefix + "HOST must be a host in lower case, such as wiki.example.com, with the port where that is"
                            + " not the usual one.");
        } else if (rule.host().endsWith("https".equals(config.siteUrl().getScheme()) ? ":443" : ":80")) {
            problems.add(prefix + "HOST has the port that browsers leave out; leave it out too.");
        } else if (rule.host().equals(config.siteUrl().getRawAuthority())) {
            problems.add(prefix + "HOST is where people sign in; a site is protected at a host of its own.");
        }
        if (!PATH.matcher(rule.path()).matches()) {
            problems.add(prefix + "PATH must begin with a slash and have letters, digits, hyphens, dots and underscores"
                    + " between slashes, such as /admin.");
        }
        if (!rule.methods().stream().allMatch(method -> METHOD.matcher(method).matches())) {
            problems.add(prefix + "METHODS are written in upper case, such as POST,DELETE.");
        }
        if (rule.aal() != 1 && rule.aal() != 2) {
            problems.add(prefix + "AAL must be 1 or 2.");
        }
        if (rule.maxAge()
                .filter(age -> age.compareTo(SHORTEST) < 0 || age.compareTo(LONGEST) > 0)
                .isPresent()) {
            problems.add(prefix + "MAX_AGE must be 30s at least and 24h at most.");
        }
    }

    /** What the variables of a rule begin with. */
    private static String prefix(String name) {
        return "SALLYPORT_AUTHZ_RULES_" + name.toUpperCase(Locale.ROOT).replace('-', '_') + '_';
    }
}
