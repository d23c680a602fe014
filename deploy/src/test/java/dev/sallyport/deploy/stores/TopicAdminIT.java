package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.KafkaProblem;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.testing.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> with(admin -> admin.apply(plans)), many))
                    .limit(8)
                    .toList()
                    .forEach(CompletableFuture::join);
        }
        assertEquals(List.of(), with(admin -> admin.differences(plans)));
    }

    @Test
    void tooFewBrokersForTheCopiesIsOneSentenceThatSaysWhatToSet() {
        KafkaProblem problem =
                assertThrows(KafkaProblem.class, () -> with(admin -> admin.apply(List.of(plan(1, 3, Map.of())))));
        assertTrue(problem.getMessage().contains("SALLYPORT_KAFKA_REPLICATION"), problem.getMessage());
    }

    @Test
    void theNumberOfPartitionsIsChosenOnceForAllThatGoByPhone(@TempDir Path folder) throws Exception {
        EmbeddedKafka own = new EmbeddedKafka(folder, 0);
        own.start();
        try (TopicAdmin admin = new TopicAdmin(own.bootstrapServers(), Map.of());
                Admin kafka = Admin.create(Map.of("bootstrap.servers", own.bootstrapServers()))) {
            admin.apply(only(Topics.SMS_VERIFIED, TopicPlan.all(1, 3)));
            admin.apply(only(Topics.SMS_SEND, TopicPlan.all(1, 6)));
            admin.apply(TopicPlan.all(1));
            assertEquals(
                    List.of("Topic sallyport.sms.verified has 3 partitions and sallyport.sms.send has 6, and they must"
                            + " have as many: stop all roles, delete sallyport.sms.verified and run ./sallyport topics"
                            + " apply, which makes it anew."),
                    admin.differences(TopicPlan.all(1)));
            kafka.deleteTopics(List.of(Topics.SMS_VERIFIED)).all().get();
            Eventually.equal(List.of("Topic sallyport.sms.verified is missing."), () -> seen(admin));
            admin.apply(TopicPlan.all(1));
            assertEquals(List.of(), admin.differences(TopicPlan.all(1)));
        } finally {
            own.stop();
        }
    }

    /** A topic may go between two questions. */
    private static List<String> seen(TopicAdmin admin) {
        try {
            return admin.differences(TopicPlan.all(1));
        } catch (KafkaProblem e) {
            return List.of(e.getMessage());
        }
    }

    private static List<TopicPlan> only(String topic, List<TopicPlan> plans) {
        return plans.stream().filter(plan -> plan.name().equals(topic)).toList();
    }
}
