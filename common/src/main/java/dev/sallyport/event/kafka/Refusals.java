package dev.sallyport.event.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** What Kafka's clients and brokers refuse, in an operator's words; never their own, which may quote a password. */
public final class Refusals {

    private static final Pattern SETTING = Pattern.compile("(?:for configuration |given in )([a-z][a-z.]+[a-z])");
    private static final Pattern JAAS = Pattern.compile("(?i)jaas|login ?module");
    private static final List<String> FILES = List.of("ssl.truststore.location", "ssl.keystore.location");
    private static final List<String> STORES = List.of("trust", "key");

    private Refusals() {}

    /**
     * Why there can be no client with some settings.
     *
     * @param properties those that the operator has chosen
     */
    public static String ofSettings(KafkaException failure, Map<String, String> properties) {
        return "Kafka's client can't be set up with " + refused(failure, properties)
                + "; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS and the settings under SALLYPORT_KAFKA_PROPERTIES.";
    }

    private static String refused(KafkaException failure, Map<String, String> properties) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            Optional<String> file = FILES.stream()
                    .filter(name -> properties.containsKey(name) && said.contains(properties.get(name)))
                    .findFirst();
            Matcher setting = SETTING.matcher(said);
            if (file.isPresent()) {
                return "the file of this " + file.get() + ", or its type or password";
            }
            if (setting.find()) {
                return "this " + setting.group(1);
            }
            if (JAAS.matcher(said).find()) {
                return "this sasl.jaas.config";
            }
            for (String store : STORES) {
                if (said.contains(" " + store + " store") || said.contains(" " + store + "store")) {
                    return "this ssl." + store + "store";
                }
            }
        }
        return "its settings";
    }

    /** What the failure of a request means; empty if there was just no answer. */
    public static Optional<String> ofBrokers(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case InvalidReplicationFactorException _ -> {
                    return Optional.of(
                            "Kafka has fewer brokers than each partition shall have copies; start more, or set"
                                    + " SALLYPORT_KAFKA_REPLICATION to as many as there are.");
                }
                case TopicAuthorizationException topics
                when !topics.unauthorizedTopics().isEmpty() -> {
                    return Optional.of(lacking("do what it has to with", topics.unauthorizedTopics()));
                }
                case GroupAuthorizationException group
                when group.groupId() != null -> {
                    return Optional.of(lacking("join the group", Set.of(group.groupId())));
                }
                case AuthorizationException _ -> {
                    return Optional.of(lacking("do what it has to", Set.of()));
                }
                case SecurityDisabledException _ -> {
                    return Optional.of("Kafka's brokers have no authorizer, so that everybody may do everything; set"
                            + " authorizer.class.name on them before rights are given.");
                }
                case SslAuthenticationException _ -> {
                    return Optional.of(
                            "Kafka and this client come to no encrypted connection: the broker's certificate is"
                                    + " of an authority that is not in ssl.truststore.location, or is for another name than"
                                    + " SALLYPORT_KAFKA_BOOTSTRAP_SERVERS, or the broker encrypts nothing or asks for a certificate"
                                    + " of the client; check SALLYPORT_KAFKA_PROPERTIES_SSL_… and _SECURITY_PROTOCOL.");
                }
                case AuthenticationException _ -> {
                    return Optional.of("Kafka refuses this client's user; check its name and password in"
                            + " SALLYPORT_KAFKA_PROPERTIES_SASL_JAAS_CONFIG, and"
                            + " SALLYPORT_KAFKA_PROPERTIES_SASL_MECHANISM.");
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    /** @param what may not be done with these */
    static String lacking(String what, Collection<String> names) {
        String with = names.isEmpty() ? "" : " " + String.join(", ", new TreeSet<>(names));
        return "Kafka does not let this client's user " + what + with
                + "; ./sallyport topics rights prints what each user needs.";
    }
}
