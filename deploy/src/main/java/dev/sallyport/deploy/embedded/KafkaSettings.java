package dev.sallyport.deploy.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A broker's settings: few topics, little load and little memory. */
final class KafkaSettings {

    static final String CLIENTS = "CLIENTS";
    static final String CONTROLLER = "CONTROLLER";
    static final Duration START_LIMIT = Duration.ofSeconds(60);

    private KafkaSettings() {}

    static Map<String, String> of(Path folder, KafkaSockets sockets, int advertisedPort, KafkaMember member) {
        int controllerPort = sockets.controllerPort();
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(member.node()));
        settings.put("log.dirs", folder.toString());
        settings.put(
                "listeners",
                "%s://127.0.0.1:%d,%s://127.0.0.1:%d"
                        .formatted(CLIENTS, sockets.clientPort(), CONTROLLER, controllerPort));
        settings.put("advertised.listeners", "%s://127.0.0.1:%d".formatted(CLIENTS, advertisedPort));
        settings.put("listener.security.protocol.map", "%s:PLAINTEXT,%s:PLAINTEXT".formatted(CLIENTS, CONTROLLER));
        settings.put("inter.broker.listener.name", CLIENTS);
        settings.put("controller.listener.names", CONTROLLER);
        // A static quorum keeps no address in the data folder, so that every start may use another port.
        settings.put("controller.quorum.voters", member.voters(controllerPort));
        if (!member.isAlone()) {
            // So that the others soon take over from a broker that was killed; Kafka's own value is 9 s.
            settings.put("broker.session.timeout.ms", "6000");
            settings.put("broker.heartbeat.interval.ms", "1000");
        }
        settings.put("server.max.startup.time.ms", String.valueOf(START_LIMIT.toMillis()));
        settings.put("auto.create.topics.enable", "false");
        settings.putAll(groups());
        settings.putAll(logs(member.copies()));
        settings.putAll(threads());
        return settings;
    }

    private static Map<String, String> groups() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0",
                // So that a test notices a dead member soon.
                "group.consumer.min.session.timeout.ms", "6000",
                "group.consumer.min.heartbeat.interval.ms", "1000");
    }

    private static Map<String, String> logs(int copies) {
        Map<String, String> settings = new HashMap<>();
        String inSync = copies >= 3 ? "2" : "1";
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".num.partitions", "4");
            settings.put(topic + ".replication.factor", String.valueOf(copies));
            settings.put(topic + ".segment.bytes", mebibytes(4));
        }
        settings.put("transaction.state.log.min.isr", inSync);
        settings.put("share.coordinator.state.topic.min.isr", inSync);
        settings.put("default.replication.factor", String.valueOf(copies));
        settings.put("min.insync.replicas", inSync);
        settings.put("log.segment.bytes", mebibytes(16));
        // The indexes of the newest segment are mapped at full size; this much serves 16 MiB of records.
        settings.put("log.index.size.max.bytes", kibibytes(64));
        settings.put("log.cleaner.dedupe.buffer.size", mebibytes(2));
        settings.put("log.cleaner.io.buffer.size", kibibytes(64));
        return settings;
    }

    private static Map<String, String> threads() {
        Map<String, String> settings = new HashMap<>();
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("num.replica.alter.log.dirs.threads", "1");
        settings.put("group.coordinator.threads", "1");
        settings.put("share.coordinator.threads", "1");
        settings.put("log.cleaner.threads", "1");
        settings.put("metric.reporters", "");
        return settings;
    }

    private static String mebibytes(int number) {
        return kibibytes(number * 1024);
    }

    private static String kibibytes(int number) {
        return String.valueOf(number * 1024);
    }
}
