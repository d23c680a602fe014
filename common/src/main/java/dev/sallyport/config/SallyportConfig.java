package dev.sallyport.config;

import dev.sallyport.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that may be set, with its default. Immutable; read by {@link ConfigFiles}; validated as a whole by
 * {@link ConfigRules} before anything starts.
 */
public record SallyportConfig(
        @Setting("Roles of this process, separated by commas: `login`, `enrollment`, `sms-dispatcher`,"
                + " `audit-sealer`. Empty: all.")
        Set<Role> roles,

        @Setting(value = "Folder that keeps the data of the embedded servers.", or = "./data")
        Path dataDir,

        @Setting("Folder of the key files. With embedded servers it is `keys` in the data folder and is filled at the"
                + " first start; otherwise required, and filled with `./sallyport keys init`.")
        Optional<Path> keysDir,

        @Setting("Where browsers reach this site, such as `https://login.example.com`. Decides the cookies' names and"
                + " the last line of text messages. Unset: `http://localhost` and the HTTP port.")
        Optional<URI> publicUrl,

        @Setting(value = "The name that people read on pages, in text messages and in their app.", or = "Sallyport")
        String brandName,

        Http http,
        Management management,
        Mongo mongo,
        Kafka kafka,
        Embedded embedded,
        Policy policy,
        Password password,
        Session session,
        Authz authz,
        Phone phone,
        Sms sms,
        LimitsConfig limits,
        Twilio twilio,
        Webhook webhook,
        Audit audit) {

    public record Http(
            @Setting(value = "Port of the pages.", or = "8080")
            int port,

            @Setting(value = "Address to listen on; `0.0.0.0` in a container.", or = "127.0.0.1")
            String host,

            @Setting("Addresses or networks (CIDR) of reverse proxies whose `Forwarded` or `X-Forwarded-For` is"
                    + " believed, separated by commas. Empty: none.")
            List<String> trustedProxies,

            @Setting(value = "Event loops of the pages; 0: two for each core.", or = "0")
            int eventLoops,

            @Setting(
                    value = "How long a web role that was told to stop goes on answering while its health says that it"
                            + " leaves, so that proxies send nobody more. Not with embedded servers.",
                    or = "3s")
            Duration drain) {}

    public record Management(
            @Setting(
                    value = "Port of `/health/live`, `/health/ready` and `/metrics`. Never make it public.",
                    or = "9000")
            int port,

            @Setting(value = "Address to listen on.", or = "127.0.0.1")
            String host) {}

    public record Mongo(
            @Setting("Address of MongoDB, such as `mongodb://db1,db2,db3/?replicaSet=rs0`. Needs a replica set.")
            Optional<Secret> uri,

            @Setting(value = "Name of the database.", or = "sallyport")
            String database) {}

    public record Kafka(
            @Setting("Addresses of Kafka brokers, separated by commas.")
            Optional<String> bootstrapServers,

            @Setting(
                    value = "Copies of each partition of our topics; of 3 or more, 2 must be in sync. The embedded"
                            + " broker always keeps 1.",
                    or = "3")
            int replication,

            @Setting(
                    value = "Partitions of the topics of orders, ledger, reports and accepted codes when"
                            + " `./sallyport topics apply` makes them; no more dispatchers than that can share the"
                            + " work. Topics that are there keep theirs.",
                    or = "24")
            int smsPartitions,

            @Setting("Further settings for every Kafka client (security, for example):"
                    + " `sallyport.kafka.properties.security.protocol`.")
            Map<String, String> properties) {

        /** Without the properties' values, among which passwords may be. */
        @Override
        public String toString() {
            return "Kafka[bootstrapServers=" + bootstrapServers + ", replication=" + replication + ", smsPartitions="
                    + smsPartitions + ", properties=" + properties.keySet() + "]";
        }
    }

    public record Embedded(
            @Setting(value = "Port of the embedded Kafka broker on 127.0.0.1.", or = "9092")
            int kafkaPort,

            @Setting(value = "Port of the embedded MongoDB-protocol server on 127.0.0.1.", or = "27018")
            int mongoPort) {}

    /** Whether an account may be without a second factor. */
    public enum SecondFactor {
        OPTIONAL,
        REQUIRED
    }

    public record Policy(
            @Setting(
                    value = "`optional` or `required`. Required: an account without one reaches only the pages that"
                            + " bind one; passwords may then be 8 characters instead of 15.",
                    or = "optional")
            SecondFactor secondFactor) {}

    public record Password(
            @Setting("A file of breached passwords to refuse as well, in the format of HIBP's download ordered by"
                    + " hash (`SHA1:COUNT` a line).")
            Optional<Path> breachedFile) {}

    public record Session(
            @Setting(value = "A session ends after this long without a request.", or = "30m")
            Duration idle,

            @Setting(value = "A session ends this long after the sign-in, used or not; 24h at most.", or = "12h")
            Duration absolute) {}

    public record Authz(
            @Setting(
                    value =
                            "Port on which reverse proxies ask whether a request may pass, on nodes with the role `login`;"
                                    + " opened where there are rules. Never make it public.",
                    or = "9091")
            int port,

            @Setting(value = "Address to listen on.", or = "127.0.0.1")
            String host,

            @Setting(
                    "What protected sites need, each rule with a name: `SALLYPORT_AUTHZ_RULES_WIKI_HOST` is the host that"
                            + " `wiki` is about, `…_PATH` the part of it (`/`), `…_METHODS` are those it is for (all), `…_AAL` is 2"
                            + " where two factors are needed, `…_MAX_AGE` how old the password may be; see docs/forward-auth.md."
                            + " The same for `login` and `enrollment`.")
            Map<String, AuthzRule> rules) {}

    public record AuthzRule(
            @Setting("As browsers name it, with the port where that is not the scheme's own.")
            String host,

            @Setting(value = "With everything below.", or = "/")
            String path,

            @Setting("Separated by commas; empty: all.") Set<String> methods,

            @Setting(value = "Factors that must have been proven.", or = "1")
            int aal,

            @Setting("How long ago the password may have been typed.")
            Optional<Duration> maxAge) {}

    public record Phone(
            @Setting(value = "Region (ISO 3166-1 alpha-2) of numbers typed without a country code.", or = "US")
            String defaultRegion,

            @Setting(value = "Regions whose mobile numbers may be bound, separated by commas.", or = "US,CA")
            Set<String> regions) {}

    /** The ways to deliver text messages. */
    public enum SmsProviderType {
        PHONE_SCREEN,
        TWILIO,
        WEBHOOK
    }

    public record Sms(
            @Setting(
                    "Who delivers text messages: `phone-screen` (a page that shows them to whoever reaches the port, for"
                            + " trying out, refused unless `SALLYPORT_PUBLIC_URL` is on loopback), `twilio`, or `webhook` (any"
                            + " gateway). Unset: `phone-screen`, unless there are providers with names.")
            Optional<SmsProviderType> provider,

            @Setting("Several providers, each with a name, in place of the one: `SALLYPORT_SMS_PROVIDERS_MAIN_TYPE` is"
                    + " `twilio` or `webhook`, and `SALLYPORT_SMS_PROVIDERS_MAIN_FROM`, for example, is for `main` what"
                    + " `SALLYPORT_TWILIO_FROM` is for the one.")
            Map<String, SmsInstance> providers,

            @Setting("Which of them send to a region, with their weights: `SALLYPORT_SMS_ROUTES_CA=main:80,backup:20`;"
                    + " one of weight 0 sends only when no other can. `SALLYPORT_SMS_ROUTES_DEFAULT` is for all other"
                    + " regions. Unset: all alike.")
            Map<String, Weights> routes,

            @Setting(
                    value = "Messages a second of all dispatchers together: four fifths of what the providers' senders"
                            + " carry.",
                    or = "50")
            int rate,

            @Setting(value = "Calls of a provider that one dispatcher has under way at once.", or = "32")
            int callsAtOnce,

            @Setting(
                    "Where providers find `/callbacks` of the dispatchers, such as `https://news.example.com/callbacks`;"
                            + " Twilio is told `…/callbacks/twilio` with each message, and reports there what became of it."
                            + " Unset: nobody listens, and nothing is known of a message once it is accepted.")
            Optional<URI> callbackUrl,

            @Setting(value = "Port of these reports, on dispatchers.", or = "8081")
            int callbackPort,

            @Setting(value = "Address to listen on for them.", or = "127.0.0.1")
            String callbackHost) {}

    /** A way to deliver text messages, with what it needs. */
    public sealed interface SmsInstance {}

    public record PhoneScreen() implements SmsInstance {}

    public record Twilio(
            @Setting("The account, `AC…`.") Optional<String> accountSid,

            @Setting("The account's token.") Optional<Secret> authToken,

            @Setting("Its former token, which also counts in reports, while it is being changed.")
            Optional<Secret> oldAuthToken,

            @Setting("The sender: a number such as `+15005550006`, or a messaging service, `MG…`.")
            Optional<String> from,

            @Setting(value = "Where Twilio's API is.", or = "https://api.twilio.com")
            URI baseUrl,

            @Setting("A file whose rows are laid over the built-in table of what Twilio's error codes mean"
                    + " (`twilio-errors.csv`, whose form it has).")
            Optional<Path> errorsFile)
            implements SmsInstance {}

    public record Webhook(
            @Setting("Where the gateway is told of each text, such as `https://gateway.example.com/texts`; see"
                    + " docs/sms-webhook.md. It may hold a name and password.")
            Optional<Secret> url,

            @Setting("The secret that signs what it is told: `whsec_` and 24 to 64 bytes in base64. Two, separated by a"
                    + " comma, while it is changed.")
            List<Secret> secret)
            implements SmsInstance {}

    public record Audit(
            @Setting(value = "How long an event waits for its seal at most.", or = "60s")
            Duration sealEvery,

            @Setting(
                    "A folder to which `audit-sealer` copies its checkpoints, each as a file that is written once. Unset:"
                            + " they stand in Kafka alone.")
            Optional<Path> checkpointsDir) {}

    /** Who delivers text messages, by name: those with names, or else the one, named as its type. */
    public SortedMap<String, SmsInstance> smsInstances() {
        if (!sms.providers().isEmpty()) {
            return new TreeMap<>(sms.providers());
        }
        SmsInstance one =
                switch (sms.provider().orElse(SmsProviderType.PHONE_SCREEN)) {
                    case PHONE_SCREEN -> new PhoneScreen();
                    case TWILIO -> twilio;
                    case WEBHOOK -> webhook;
                };
        return new TreeMap<>(Map.of(NamedRecords.kind(one.getClass()), one));
    }

    /** True where this process delivers text messages to the phone screen. */
    public boolean showsPhoneScreen() {
        return activeRoles().contains(Role.SMS_DISPATCHER) && smsInstances().containsValue(new PhoneScreen());
    }

    /** The roles of this process; all of them when none is configured. */
    public Set<Role> activeRoles() {
        return roles.isEmpty() ? EnumSet.allOf(Role.class) : EnumSet.copyOf(roles);
    }

    /** True where this process brings its own Kafka broker and MongoDB-protocol server. */
    public boolean runsEmbeddedServers() {
        return mongo.uri().isEmpty() && kafka.bootstrapServers().isEmpty();
    }

    public URI siteUrl() {
        return publicUrl.orElseGet(() -> URI.create("http://localhost:" + http.port()));
    }

    public Path keysFolder() {
        return keysDir.orElseGet(() -> dataDir.resolve("keys"));
    }

    /** Whether this process answers reverse proxies. */
    public boolean answersProxies() {
        return activeRoles().contains(Role.LOGIN) && !authz.rules().isEmpty();
    }

    public boolean secondFactorRequired() {
        return policy.secondFactor() == SecondFactor.REQUIRED;
    }
}
