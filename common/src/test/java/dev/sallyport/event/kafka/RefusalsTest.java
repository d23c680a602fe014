package dev.sallyport.event.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalsTest {

    private static final String SECRET = "hush-hush";

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new SaslAuthenticationException(SECRET), "SALLYPORT_KAFKA_PROPERTIES_SASL_JAAS_CONFIG"),
                Arguments.of(new SslAuthenticationException(SECRET), "ssl.truststore.location"),
                Arguments.of(new TopicAuthorizationException(Set.of("b", "a")), "a, b; ./sallyport topics rights"),
                Arguments.of(GroupAuthorizationException.forGroupId("a"), "join the group a"),
                Arguments.of(new ClusterAuthorizationException(SECRET), "./sallyport topics rights"),
                Arguments.of(new SecurityDisabledException(SECRET), "authorizer.class.name"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalIsASentenceThatSaysWhatToLookAt(Exception refusal, String named) {
        String said = Refusals.ofBrokers(new ExecutionException(refusal)).orElseThrow();
        assertTrue(said.contains(named), said);
        assertFalse(said.contains(SECRET), said);
    }

    @Test
    void noAnswerIsNoRefusal() {
        assertEquals(Optional.empty(), Refusals.ofBrokers(new TimeoutException(SECRET)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Invalid value hush-hush for configuration security.protocol: no | with this security.protocol;",
                "No resolvable bootstrap urls given in bootstrap.servers | with this bootstrap.servers;",
                "Failed to load SSL keystore /etc/ca.p12 of type hush-hush | with the file of this ssl.truststore.location",
                "Failed to load PEM SSL keystore /etc/own.pem | with the file of this ssl.keystore.location",
                "SSL trust store password cannot be specified for PEM format. | with this ssl.truststore;",
                "Invalid PEM keystore configs hush-hush | with this ssl.keystore;",
                "Value not specified for key 'hush-hush' in JAAS config | with this sasl.jaas.config;",
                "unable to find LoginModule class: hush-hush | with this sasl.jaas.config;",
                "hush-hush | with its settings;",
            })
    void aSettingThatCannotBeIsNamedAndNotRepeated(String message, String said) {
        Map<String, String> properties =
                Map.of("ssl.truststore.location", "/etc/ca.p12", "ssl.keystore.location", "/etc/own.pem");
        KafkaException failure = new KafkaException("no client", new IllegalArgumentException(message));
        String sentence = Refusals.ofSettings(failure, properties);
        assertTrue(sentence.contains(said), sentence);
        assertFalse(sentence.contains(SECRET), sentence);
    }
}
