package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import dev.sallyport.Role;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.event.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** What {@code ./sallyport test chaos} runs: minutes of people, kills and cuts, and then the books are compared. */
@Tag("long")
class PlatformChaos {

    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("chaos.minutes", 10));
    private static final int PEOPLE_AT_ONCE = 6;

    @TempDir
    Path folder;

    private final Queue<Citizen> people = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean over;

    @Test
    void killedProcessesAndCutConnectionsLoseAndDoubleNothing() throws Exception {
        ChaosReport report = new ChaosReport("Killed processes and cut connections");
        try (ChaosSite site = new ChaosSite(folder)) {
            site.awaitReady();
            List<Thread> crowd = crowd(site);
            breakThings(site);
            over = true;
            for (Thread one : crowd) {
                one.join();
            }
            site.servers.restore();
            site.awaitReady();
            report.count("minutes", LENGTH.toMinutes());
            faults.forEach(report::count);
            compare(site, report);
        }
        assertEquals(List.of(), report.write());
    }

    @Test
    void rotatingEveryKeysetUnderLoadRefusesNothing() throws Exception {
        ChaosReport report = new ChaosReport("Rotation of every keyset under load");
        try (ChaosSite site = new ChaosSite(folder)) {
            site.awaitReady();
            List<Thread> crowd = crowd(site);
            long start = System.nanoTime();
            for (Keyset keyset : Keyset.values()) {
                site.rotate(keyset, "add");
                site.rotate(keyset, "promote");
            }
            over = true;
            for (Thread one : crowd) {
                one.join();
            }
            report.count("seconds", Duration.ofNanos(System.nanoTime() - start).toSeconds());
            report.count("keysets rotated", Keyset.values().length);
            report.mustBeNone(
                    "people who were kept waiting or turned away",
                    people.stream()
                            .filter(one -> one.waitedInVain || !one.perhaps.isEmpty())
                            .map(one -> one.name + " " + one.perhaps)
                            .toList());
            compare(site, report);
        }
        assertEquals(List.of(), report.write());
    }

    private List<Thread> crowd(ChaosSite site) {
        List<Thread> crowd = new ArrayList<>();
        for (int i = 0; i < PEOPLE_AT_ONCE; i++) {
            crowd.add(Thread.startVirtualThread(() -> {
                while (!over) {
                    Citizen citizen = new Citizen(numbers.getAndIncrement(), site::node, site.twilio);
                    people.add(citizen);
                    try {
                        citizen.live();
                    } catch (InterruptedException e) {
                        return;
                    } catch (RuntimeException e) {
                        citizen.violations.add("the citizen failed: " + e);
                    }
                }
            }));
        }
        return crowd;
    }

    private void breakThings(ChaosSite site) throws InterruptedException {
        Random random = new Random();
        long end = System.nanoTime() + LENGTH.toNanos();
        while (System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(2_000 + random.nextInt(6_000));
            faults.merge("starts that failed while broker or store was away", site.startEndedOnesAgain(), Integer::sum);
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    Role role = site.killOne(random);
                    faults.merge("kills of " + role, 1, Integer::sum);
                }
                case 3 -> {
                    site.servers.toKafka().cut();
                    faults.merge("cuts of all broker connections", 1, Integer::sum);
                }
                case 4 -> {
                    site.servers.toMongo().cut();
                    faults.merge("cuts of all store connections", 1, Integer::sum);
                }
                default -> {
                    TcpProxy cable = random.nextBoolean() ? site.servers.toKafka() : site.servers.toMongo();
                    cable.refuse();
                    TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2_000));
                    cable.restore();
                    faults.merge("absences of broker or store of up to 2.5 s", 1, Integer::sum);
                }
            }
        }
    }

    private void compare(ChaosSite site, ChaosReport report) throws Exception {
        report.count("people", people.size());
        report.mustBeNone(
                "answers that should never be",
                people.stream()
                        .flatMap(one -> one.violations.stream().map(what -> one.name + ": " + what))
                        .toList());
        compareAccounts(site, report);
        compareEvents(site, report);
        compareTexts(site, report);
        report.mustBeNone("mistakes in the logs", site.errors());
        assertTrue(people.stream().anyMatch(one -> one.acknowledged.containsKey("second-factor.accepted")));
    }

    private void compareAccounts(ChaosSite site, ChaosReport report) {
        Map<String, Document> stored = new HashMap<>();
        try (MongoClient client = MongoClients.create(site.servers.directMongoUri())) {
            Flux.from(client.getDatabase("chaos").getCollection("accounts").find())
                    .toIterable()
                    .forEach(account -> stored.put(account.getString("username"), account));
        }
        report.count("acknowledged sign-ups", total("account.created"));
        report.count("acknowledged bindings", total("factor.bound"));
        report.count("acknowledged sign-ins", total("signed-in"));
        List<String> lost = new ArrayList<>();
        for (Citizen one : people) {
            Document account = stored.get(one.name);
            if (one.acknowledged.containsKey("account.created") && account == null) {
                lost.add(one.name);
            }
            if (one.acknowledged.containsKey("factor.bound")
                    && (account == null || !(account.containsKey("app") || account.containsKey("phone")))) {
                lost.add(one.name + "'s factor");
            }
        }
        report.mustBeNone("acknowledged accounts or bindings that are lost", lost);
    }

    /** Each acknowledged change has its event once by id, and no event tells of a change that nobody asked for. */
    private void compareEvents(ChaosSite site, ChaosReport report) throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        try (TopicReader reader = new TopicReader(site.servers.bootstrapServers())) {
            long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
            do {
                wrong.clear();
                Map<String, Map<String, Long>> told = told(reader);
                people.forEach(one -> wrong.addAll(differences(one, told.getOrDefault(one.name, Map.of()))));
            } while (!wrong.isEmpty() && System.nanoTime() < end);
            Collection<TopicReader.Event> all = reader.events("sallyport.audit");
            long ids = all.stream().map(TopicReader.Event::id).distinct().count();
            report.count("audit events", ids);
            report.count("audit records that repeat an id", all.size() - ids);
        }
        report.mustBeNone("changes without their event, or events without a change", wrong);
    }

    private static Map<String, Map<String, Long>> told(TopicReader reader) {
        Map<String, TopicReader.Event> byId = new HashMap<>();
        reader.events("sallyport.audit").forEach(event -> byId.put(event.id(), event));
        return byId.values().stream()
                .filter(event -> event.body().getJsonObject("user").getString("name") != null)
                .collect(Collectors.groupingBy(
                        event -> event.body().getJsonObject("user").getString("name"),
                        Collectors.groupingBy(TopicReader.Event::type, Collectors.counting())));
    }

    private static List<String> differences(Citizen one, Map<String, Long> told) {
        List<String> wrong = new ArrayList<>();
        for (String type :
                List.of("account.created", "signed-in", "factor.bound", "second-factor.accepted", "signed-out")) {
            long least = one.acknowledged.getOrDefault(type, 0);
            long most = least + one.perhaps.getOrDefault(type, 0);
            long events = told.getOrDefault(type, 0L);
            if (events < least || events > most) {
                wrong.add("%s: %d events %s, %d to %d expected".formatted(one.name, events, type, least, most));
            }
        }
        return wrong;
    }

    /** Whatever was killed: the provider can be asked what it has, and is before an attempt is made again. */
    private void compareTexts(ChaosSite site, ChaosReport report) {
        Map<String, Long> texts = site.twilio.ledger().attempts().stream()
                .map(attempt -> attempt.parameters().get("StatusCallback").replaceAll(".*[?&]m=([^&]*).*", "$1"))
                .collect(Collectors.groupingBy(order -> order, Collectors.counting()));
        report.count("orders for a text that reached the provider", texts.size());
        report.mustBeNone(
                "orders texted twice",
                texts.entrySet().stream()
                        .filter(one -> one.getValue() > 1)
                        .map(Object::toString)
                        .toList());
        // Who asks again because something was killed has had both texts that a phone gets at once.
        report.count("texts that a phone's limit held back", heldBack(site));
        report.count(
                "people who waited 25 s for a text in vain",
                people.stream().filter(one -> one.waitedInVain).count());
        assertEquals(List.of(), site.twilio.ledger().violations());
    }

    private static long heldBack(ChaosSite site) {
        try (TopicReader reader = new TopicReader(site.servers.bootstrapServers())) {
            return reader.events(Topics.SMS_OUTCOME).stream()
                    .map(TopicReader.Event::body)
                    .filter(outcome -> "phone".equals(outcome.getString("rule")))
                    .map(outcome -> outcome.getString("message"))
                    .distinct()
                    .count();
        }
    }

    private int total(String type) {
        return people.stream()
                .mapToInt(one -> one.acknowledged.getOrDefault(type, 0))
                .sum();
    }
}
