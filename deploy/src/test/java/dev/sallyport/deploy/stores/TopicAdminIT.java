package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicAdmin.TopicProblem;
import dev.sallyport.event.kafka.TopicPlan;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicAdminIT {

    private final String name = "test-" + UUID.randomUUID();

    private static <T> T with(java.util.function.Function<TopicAdmin, T> work) {
        try (TopicAdmin admin = new TopicAdmin(TestServers.bootstrapServers(), Map.of())) {
            return work.apply(admin);
        }
    }

    private TopicPlan plan(int partitions, int replication, Map<String, String> settings) {
        return new TopicPlan(name, partitions, (short) replication, settings);
    }

    @Test
    void whatIsMissingIsCreatedAsPlannedAndNothingElseIsTouched() {
        List<TopicPlan> plans = List.of(plan(2, 1, Map.of("retention.ms", "60000")));
        assertEquals(List.of("Topic " + name + " is missing."), with(admin -> admin.differences(plans)));
        assertEquals(List.of(name), with(admin -> admin.apply(plans)));
        assertEquals(List.of(), with(admin -> admin.differences(plans)));
        assertEquals(List.of(), with(admin -> admin.apply(plans)));
        List<TopicPlan> other = List.of(plan(3, 1, Map.of("retention.ms", "70000")));
        assertEquals(List.of(), with(admin -> admin.apply(other)));
        assertEquals(
                List.of(
                        "Topic " + name + " has 2 partitions and should have 3.",
                        "Topic " + name + " has retention.ms=60000 and should have 70000."),
                with(admin -> admin.differences(other)));
    }

    @Test
    void manyThatCreateTheSameTopicAtOnceAllSucceed() {
        List<TopicPlan> plans = List.of(plan(1, 1, Map.of()));
        List<CompletableFuture<List<String>>> all = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> with(admin -> admin.apply(plans))))
                .limit(8)
                .toList();
        all.forEach(CompletableFuture::join);
        assertEquals(List.of(), with(admin -> admin.differences(plans)));
    }

    @Test
    void tooFewBrokersForTheCopiesIsOneSentenceThatSaysWhatToSet() {
        TopicProblem problem =
                assertThrows(TopicProblem.class, () -> with(admin -> admin.apply(List.of(plan(1, 3, Map.of())))));
        assertTrue(problem.getMessage().contains("SALLYPORT_KAFKA_REPLICATION"), problem.getMessage());
    }
}
