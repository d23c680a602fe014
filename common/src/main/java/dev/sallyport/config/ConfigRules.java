package dev.sallyport.config;

import dev.sallyport.Role;
import dev.sallyport.phone.PhoneRules;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What must hold between settings. Each broken rule is one sentence that says what to change. */
final class ConfigRules {

    /** Each has a part of the rate, which must be worth something. */
    private static final int MOST_PARTITIONS = 512;

    private ConfigRules() {}

    static List<String> problems(SallyportConfig config) {
        List<String> problems = new ArrayList<>();
        addresses(config, problems);
        SmsRules.check(config, problems);
        AuthzRules.check(config, problems);
        ports(config, problems);
        PhoneRules.problem(config.phone().defaultRegion(), config.phone().regions())
                .ifPresent(problems::add);
        problems.addAll(config.limits().problems());
        int partitions = config.kafka().smsPartitions();
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            problems.add(
                    "SALLYPORT_KAFKA_SMS_PARTITIONS must be 1 at least and %d at most.".formatted(MOST_PARTITIONS));
        }
        if (config.brandName().isBlank()) {
            problems.add("SALLYPORT_BRAND_NAME is blank; set the name that people shall read.");
        }
        Duration absolute = config.session().absolute();
        if (absolute.compareTo(Duration.ofHours(24)) > 0 || absolute.isZero()) {
            problems.add("SALLYPORT_SESSION_ABSOLUTE must be more than 0 and at most 24h.");
        }
        if (config.http().drain().compareTo(Duration.ofMinutes(1)) > 0) {
            problems.add("SALLYPORT_HTTP_DRAIN must be at most 1m.");
        }
        Duration sealEvery = config.audit().sealEvery();
        if (sealEvery.compareTo(Duration.ofSeconds(1)) < 0 || sealEvery.compareTo(Duration.ofMinutes(2)) > 0) {
            problems.add("SALLYPORT_AUDIT_SEAL_EVERY must be 1s at least and 2m at most.");
        }
        if (config.session().idle().isZero()) {
            problems.add("SALLYPORT_SESSION_IDLE must be more than 0.");
        }
        return problems;
    }

    private static void addresses(SallyportConfig config, List<String> problems) {
        boolean mongo = config.mongo().uri().isPresent();
        boolean kafka = config.kafka().bootstrapServers().isPresent();
        boolean needsMongo = config.activeRoles().stream().anyMatch(Role::isWeb);
        if (mongo && !kafka) {
            problems.add("SALLYPORT_MONGO_URI is set and SALLYPORT_KAFKA_BOOTSTRAP_SERVERS is not;"
                    + " set both, or neither for the embedded servers.");
        }
        if (kafka && !mongo && needsMongo) {
            problems.add("SALLYPORT_KAFKA_BOOTSTRAP_SERVERS is set and SALLYPORT_MONGO_URI is not;"
                    + " set both, or neither for the embedded servers.");
        }
        if (config.runsEmbeddedServers() && config.activeRoles().size() < Role.values().length) {
            problems.add("SALLYPORT_ROLES picks some roles, but the embedded servers serve one process with all of"
                    + " them; set SALLYPORT_KAFKA_BOOTSTRAP_SERVERS and SALLYPORT_MONGO_URI.");
        }
        if (!config.runsEmbeddedServers() && config.keysDir().isEmpty()) {
            problems.add("SALLYPORT_KEYS_DIR is not set; name a folder that ./sallyport keys init has filled.");
        }
        URI site = config.siteUrl();
        boolean web = "http".equals(site.getScheme()) || "https".equals(site.getScheme());
        if (!web || site.getHost() == null || !(site.getRawPath().isEmpty() || "/".equals(site.getRawPath()))) {
            problems.add("SALLYPORT_PUBLIC_URL must be a scheme and a host, such as https://login.example.com.");
        }
    }

    private static void ports(SallyportConfig config, List<String> problems) {
        port("SALLYPORT_HTTP_PORT", config.http().port(), problems);
        port("SALLYPORT_MANAGEMENT_PORT", config.management().port(), problems);
        port("SALLYPORT_AUTHZ_PORT", config.authz().port(), problems);
        port("SALLYPORT_SMS_CALLBACK_PORT", config.sms().callbackPort(), problems);
        port("SALLYPORT_EMBEDDED_KAFKA_PORT", config.embedded().kafkaPort(), problems);
        port("SALLYPORT_EMBEDDED_MONGO_PORT", config.embedded().mongoPort(), problems);
        int http = config.http().port();
        int management = config.management().port();
        if (http != 0 && http == management) {
            problems.add("SALLYPORT_HTTP_PORT and SALLYPORT_MANAGEMENT_PORT are the same; give them two ports.");
        }
        int callback = config.sms().callbackPort();
        boolean listens = config.sms().callbackUrl().isPresent() && callback != 0;
        if (listens && (callback == http || callback == management)) {
            problems.add(
                    "SALLYPORT_SMS_CALLBACK_PORT is that of the pages or of the management; give it one of its own.");
        }
        int authz = config.authz().port();
        if (config.answersProxies() && authz != 0 && (authz == http || authz == management)) {
            problems.add("SALLYPORT_AUTHZ_PORT is that of the pages or of the management; give it one of its own.");
        }
    }

    private static void port(String name, int port, List<String> problems) {
        if (port > 65_535) {
            problems.add(name + " must be 65535 at most.");
        }
    }
}
