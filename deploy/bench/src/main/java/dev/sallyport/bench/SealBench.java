package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.Fact;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What sealing an event costs, and how long it takes to verify a million of them. */
final class SealBench {

    private static final int WARM_UP = 200_000;
    private static final int EVENTS = 1_000_000;
    private static final int ACCOUNTS = 5_000;
    private static final long LOOK_MILLIS = 50;

    private final AuditRecords records = new AuditRecords("bench");
    private final int brokerPort = Part.freePort();
    private final int managementPort = Part.freePort();
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    SealBench() {
        try {
            folder = Files.createTempDirectory("sallyport-seal-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run(Report report) {
        try (Part _ = Part.java(
                "audit-broker",
                Server.class.getName(),
                "broker",
                folder.resolve("broker").toString(),
                "" + brokerPort)) {
            try (TopicAdmin admin = new TopicAdmin(bootstrap(), Map.of())) {
                admin.apply(TopicPlan.all(1));
            }
            KeyFolder keys = new KeyFolder(folder.resolve("keys"));
            keys.init();
            keys.export(EnumSet.of(Role.AUDIT_SEALER), folder.resolve("sealer-keys"));
            double cpu;
            double seconds;
            try (Part sealer = Part.product("audit-sealer", settings())) {
                write(WARM_UP);
                awaitSealed(WARM_UP);
                long before = sealer.cpu();
                long start = System.nanoTime();
                write(EVENTS);
                awaitSealed(WARM_UP + EVENTS);
                seconds = (System.nanoTime() - start) / 1e9;
                cpu = (sealer.cpu() - before) / 1e3 / EVENTS;
                // What is left over at the end is sealed a second later.
                Machine.rest(3_000);
            }
            tell(report, cpu, seconds);
        }
    }

    private String bootstrap() {
        return "127.0.0.1:" + brokerPort;
    }

    private Map<String, String> settings() {
        return Map.of(
                "SALLYPORT_ROLES",
                "audit-sealer",
                "SALLYPORT_MANAGEMENT_PORT",
                "" + managementPort,
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS",
                bootstrap(),
                "SALLYPORT_KAFKA_REPLICATION",
                "1",
                "SALLYPORT_AUDIT_SEAL_EVERY",
                "1s",
                "SALLYPORT_KEYS_DIR",
                folder.resolve("sealer-keys").toString());
    }

    /** Events as they are: sign-ins of many people. */
    private void write(int count) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap(), "linger.ms", 20, "batch.size", 32 << 10),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Instant now = Clock.systemUTC().instant();
            AtomicReference<Exception> failure = new AtomicReference<>();
            for (int i = 0; i < count; i++) {
                var _ = producer.send(record(i, now), (_, failed) -> {
                    if (failed != null) {
                        failure.set(failed);
                    }
                });
            }
            producer.flush();
            if (failure.get() != null) {
                throw new IllegalStateException("an event could not be written", failure.get());
            }
        }
    }

    private ProducerRecord<byte[], byte[]> record(int number, Instant now) {
        String account = "019df2cc-c7c0-7c11-8e6f-%012d".formatted(number % ACCOUNTS);
        AuditEvent event = new AuditEvent(
                "019df2dc-0a7b-7d52-9c0e-%012d".formatted(number),
                AuditType.PASSWORD_ACCEPTED,
                now,
                Optional.of(new Subject(account, "person" + number % ACCOUNTS + "@example.com")),
                account,
                Optional.of(new Visitor(
                        "203.0.113." + number % 250,
                        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                        "9f86d081884c7d659a2feaa0c55ad015")),
                Map.of(Fact.PURPOSE, "sign-in", Fact.AAL_BEFORE, "0", Fact.AAL_AFTER, "1"));
        return CloudEvents.producerRecord(records.record(event), "/sallyport");
    }

    private void awaitSealed(int count) {
        while (sealed() < count) {
            Machine.rest(LOOK_MILLIS);
        }
    }

    private double sealed() {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/metrics"))
                .build();
        try {
            return http.send(metrics, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("sallyport_audit_sealed_records_total "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void tell(Report report, double cpu, double seconds) {
        long start = System.nanoTime();
        String verified = Part.output(List.of(
                "env",
                "SALLYPORT_KAFKA_BOOTSTRAP_SERVERS=" + bootstrap(),
                "SALLYPORT_KEYS_DIR=" + folder.resolve("sealer-keys"),
                "./sallyport",
                "audit",
                "verify"));
        double verifying = (System.nanoTime() - start) / 1e9;
        double perCore = 1e6 / cpu;
        report.figure(
                "Events sealed in a second of one core",
                "≥ 100,000",
                String.format(Locale.ROOT, "%,.0f", perCore),
                perCore >= 100_000);
        report.figure(
                "Verifying 1,000,000 events from Kafka",
                "≤ 60 s",
                String.format(Locale.ROOT, "%.1f s", verifying * EVENTS / (EVENTS + WARM_UP)),
                verifying * EVENTS / (EVENTS + WARM_UP) <= 60);
        report.section(
                "The audit stream, sealed and verified",
                String.format(
                        Locale.ROOT,
                        """
                        One `audit-sealer` reads %,d events of sign-ins (some 1.2 KB each) while they are written, after %,d that warm it up: \
                        %.1f µs of its CPU each, %.0f events a second while broker and writer had the other core. `./sallyport audit \
                        verify` then compares all of them with their checkpoints in %.1f s, its start included, and says:
                        `%s`""",
                        EVENTS,
                        WARM_UP,
                        cpu,
                        EVENTS / seconds,
                        verifying,
                        verified.lines().findFirst().orElse("")));
    }
}
