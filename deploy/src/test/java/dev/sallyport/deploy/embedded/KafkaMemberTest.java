package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaMemberTest {

    private static final String VOTERS = "1@127.0.0.1:9193,2@127.0.0.1:9293,3@127.0.0.1:9393";
    private static final String CLUSTER = Uuid.randomUuid().toString();

    @Test
    void oneOfThreeTakesItsPortAndNamesAllToKafka() {
        KafkaMember member = KafkaMember.of(2, VOTERS, CLUSTER);

        assertEquals(9293, member.controllerPort());
        assertEquals(VOTERS, member.voters(9293));
        assertEquals(3, member.copies());
    }

    @Test
    void oneAloneTakesAnyPortAndKeepsOneCopy() {
        KafkaMember member = KafkaMember.alone();

        assertEquals(0, member.controllerPort());
        assertEquals("1@127.0.0.1:4711", member.voters(4711));
        assertEquals(1, member.copies());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1@127.0.0.1:9193,",
                "1@10.0.0.1:9193",
                "1@127.0.0.1",
                "127.0.0.1:9193",
                "1@127.0.0.1:9193,1@127.0.0.1:9293"
            })
    void whatIsNoListOfBrokersIsAnsweredWithOne(String voters) {
        assertSaid("is no list of brokers", 1, voters, CLUSTER);
    }

    @Test
    void aBrokerThatIsNotAmongThemIsRefused() {
        assertSaid("There is no broker 4 among " + VOTERS + ".", 4, VOTERS, CLUSTER);
    }

    @Test
    void whatIsNoIdOfAClusterIsAnsweredWithOne() {
        assertSaid("\"\" is no id of a cluster", 1, VOTERS, "");
    }

    private static void assertSaid(String words, int node, String voters, String cluster) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> KafkaMember.of(node, voters, cluster));
        assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
    }
}
