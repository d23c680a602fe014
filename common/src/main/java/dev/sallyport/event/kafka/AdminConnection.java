package dev.sallyport.event.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Kafka's administrative client, whose failures are sentences here. Blocks. */
record AdminConnection(Admin admin) implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 15;

    /**
     * Connects later, when something is asked.
     *
     * @param properties further client settings, such as security
     * @throws KafkaProblem if Kafka's client refuses an address or a setting
     */
    static AdminConnection to(String bootstrapServers, Map<String, String> properties) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        try {
            return new AdminConnection(Admin.create(config));
        } catch (KafkaException e) {
            throw new KafkaProblem(Refusals.ofSettings(e, properties), e);
        }
    }

    /** @throws KafkaProblem if Kafka does not answer or refuses */
    <T> T answer(KafkaFuture<T> asked) {
        return answer(asked, TIMEOUT_SECONDS);
    }

    /** The same for what may take longer. */
    <T> T answer(KafkaFuture<T> asked, int atMostSeconds) {
        try {
            return outcome(asked, atMostSeconds);
        } catch (ExecutionException e) {
            throw problem(e);
        }
    }

    /**
     * The same where some refusals are expected.
     *
     * @throws ExecutionException with Kafka's refusal as its cause
     * @throws KafkaProblem if it does not answer at all
     */
    <T> T outcome(KafkaFuture<T> asked) throws ExecutionException {
        return outcome(asked, TIMEOUT_SECONDS);
    }

    private static <T> T outcome(KafkaFuture<T> asked, int atMostSeconds) throws ExecutionException {
        try {
            return asked.get(atMostSeconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw problem(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaProblem("Interrupted while Kafka was asked.", e);
        }
    }

    static KafkaProblem problem(Throwable failure) {
        return new KafkaProblem(
                Refusals.ofBrokers(failure)
                        .orElse(
                                "Kafka did not answer about its topics; check SALLYPORT_KAFKA_BOOTSTRAP_SERVERS, that its"
                                        + " brokers are up, and whether they want encryption (security.protocol under"
                                        + " SALLYPORT_KAFKA_PROPERTIES)."),
                failure);
    }

    /** The controller has done it; the broker that is asked next may hear of it a moment later. */
    void await(BooleanSupplier known) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (System.nanoTime() < end && !known.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
