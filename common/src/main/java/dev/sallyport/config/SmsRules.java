package dev.sallyport.config;

import dev.sallyport.Role;
import dev.sallyport.config.SallyportConfig.PhoneScreen;
import dev.sallyport.config.SallyportConfig.SmsInstance;
import dev.sallyport.config.SallyportConfig.Twilio;
import dev.sallyport.config.SallyportConfig.Webhook;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold where text messages are delivered; part of {@link ConfigRules}. */
final class SmsRules {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern ACCOUNT_SID = Pattern.compile("AC[0-9a-fA-F]{32}");
    private static final Pattern SENDER = Pattern.compile("\\+[1-9]\\d{6,14}|MG[0-9a-fA-F]{32}");
    /** 24 to 64 bytes. */
    private static final Pattern WEBHOOK_SECRET = Pattern.compile("whsec_[A-Za-z0-9+/]{32,86}={0,2}");

    private static final Pattern ROUTED = Pattern.compile("[a-z]{2}|default");

    private final SallyportConfig config;
    private final List<String> problems;

    private SmsRules(SallyportConfig config, List<String> problems) {
        this.config = config;
        this.problems = problems;
    }

    /** Adds what is wrong, for a process that dispatches; others need nothing of this. */
    static void check(SallyportConfig config, List<String> problems) {
        if (config.activeRoles().contains(Role.SMS_DISPATCHER)) {
            new SmsRules(config, problems).check();
        }
    }

    private void check() {
        if (config.sms().provider().isPresent() && hasNames()) {
            problems.add("SALLYPORT_SMS_PROVIDER is set, and so are providers with names (SALLYPORT_SMS_PROVIDERS_…);"
                    + " leave it out, or them.");
        }
        if (config.showsPhoneScreen()) {
            phoneScreen();
        }
        if (config.sms()
                .callbackUrl()
                .filter(url -> !String.valueOf(url.getRawPath()).endsWith("/callbacks"))
                .isPresent()) {
            problems.add("SALLYPORT_SMS_CALLBACK_URL must end in /callbacks, below which each provider has a place of"
                    + " its name; write it like https://news.example.com/callbacks.");
        }
        if (config.sms().callbackUrl().filter(SmsRules::isReadByOthers).isPresent()) {
            problems.add("SALLYPORT_SMS_CALLBACK_URL is not https, so who carries it can read and change what providers"
                    + " report; put a proxy with TLS in front and write it like https://news.example.com/callbacks.");
        }
        config.smsInstances().forEach((name, instance) -> instance(prefix(name), instance));
        config.sms().routes().forEach(this::route);
    }

    private static boolean isReadByOthers(URI url) {
        return !"https".equals(url.getScheme()) && !LOOPBACK.contains(String.valueOf(url.getHost()));
    }

    private void phoneScreen() {
        String subject = hasNames() ? "A provider's type" : "SALLYPORT_SMS_PROVIDER";
        if (!LOOPBACK.contains(String.valueOf(config.siteUrl().getHost()))) {
            problems.add(
                    subject + " is phone-screen, which shows every code to whoever looks, and SALLYPORT_PUBLIC_URL is"
                            + " not on loopback; use twilio or webhook.");
        }
        if (config.activeRoles().size() < Role.values().length) {
            problems.add(
                    subject + " is phone-screen, whose page needs all roles in one process; use twilio or webhook.");
        }
    }

    private void instance(String prefix, SmsInstance instance) {
        switch (instance) {
            case PhoneScreen() -> {}
            case Twilio twilio -> twilio(prefix, twilio);
            case Webhook webhook -> webhook(prefix, webhook);
        }
    }

    private void twilio(String prefix, Twilio twilio) {
        if (!matches(twilio.accountSid(), ACCOUNT_SID)) {
            problems.add(prefix + "ACCOUNT_SID must be AC and 32 hex digits; copy it from Twilio's console.");
        }
        if (twilio.authToken().isEmpty()) {
            problems.add(prefix + "AUTH_TOKEN is not set; copy it from Twilio's console.");
        }
        if (!matches(twilio.from(), SENDER)) {
            problems.add(prefix + "FROM must be a number such as +15005550006 or a messaging service, MG….");
        }
    }

    private void webhook(String prefix, Webhook webhook) {
        if (webhook.url().filter(url -> isConfidential(url.value())).isEmpty()) {
            problems.add(
                    prefix + "URL must be the gateway's address, beginning with https, without a fragment; http is for"
                            + " a gateway on this machine.");
        }
        List<Secret> secrets = webhook.secret();
        boolean wellFormed = secrets.stream()
                .allMatch(secret -> WEBHOOK_SECRET.matcher(secret.value()).matches());
        if (secrets.isEmpty() || secrets.size() > 2 || !wellFormed) {
            problems.add(prefix + "SECRET must be whsec_ and 24 to 64 bytes in base64, or two of them; make one with:"
                    + " echo whsec_$(openssl rand -base64 32)");
        }
    }

    private void route(String region, Weights weights) {
        if (!ROUTED.matcher(region).matches()) {
            problems.add(
                    "sallyport.sms.routes.%s: %s is no region of two letters and not default; in YAML, NO is written"
                                    .formatted(region, region)
                            + " \"NO\".");
        }
        for (String name : weights.byName().keySet()) {
            if (!config.smsInstances().containsKey(name)) {
                problems.add("sallyport.sms.routes.%s names %s, which is no provider; there are %s."
                        .formatted(
                                region,
                                name,
                                String.join(", ", config.smsInstances().keySet())));
            }
        }
    }

    private boolean hasNames() {
        return !config.sms().providers().isEmpty();
    }

    /** What the variables of an instance begin with. */
    private String prefix(String name) {
        String path = hasNames() ? "SMS_PROVIDERS_" + name : name;
        return "SALLYPORT_" + path.toUpperCase(Locale.ROOT).replace('-', '_') + '_';
    }

    private static boolean matches(Optional<String> value, Pattern form) {
        return value.filter(text -> form.matcher(text).matches()).isPresent();
    }

    private static boolean isConfidential(String text) {
        try {
            URI url = new URI(text);
            boolean here = "http".equals(url.getScheme()) && LOOPBACK.contains(String.valueOf(url.getHost()));
            return (here || "https".equals(url.getScheme())) && url.getHost() != null && url.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
