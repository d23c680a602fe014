package dev.sallyport.dispatch.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IncurableTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new TopicAuthorizationException("sallyport.sms.send"), true),
                Arguments.of(new GroupAuthorizationException("sallyport.sms-dispatcher"), true),
                Arguments.of(new SaslAuthenticationException("wrong password"), true),
                Arguments.of(new UnsupportedVersionException("old broker"), true),
                Arguments.of(new FencedInstanceIdException("another"), true),
                Arguments.of(new ConfigException("no such setting"), true),
                Arguments.of(new InconsistentGroupProtocolException("another program is in the group"), true),
                Arguments.of(new KafkaException("a listener failed", new IllegalStateException()), true),
                Arguments.of(new KafkaException("a listener failed", new TimeoutException()), false),
                Arguments.of(new TimeoutException(), false),
                Arguments.of(new DisconnectException(), false),
                Arguments.of(new UnknownTopicOrPartitionException(), false),
                Arguments.of(new UnknownServerException(), false),
                Arguments.of(new KafkaException("corrupt"), false));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatPassesByItselfIsToldFromWhatSomebodyHasToMend(KafkaException failure, boolean incurable) {
        assertEquals(incurable, Incurable.is(failure));
    }
}
