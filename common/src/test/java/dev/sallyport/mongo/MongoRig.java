package dev.sallyport.mongo;

import dev.sallyport.Role;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.AuditStream;
import dev.sallyport.event.kafka.KafkaEventPublisher;
import dev.sallyport.event.kafka.Stamps;
import dev.sallyport.testing.Contexts;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.Folders;
import dev.sallyport.testing.MovableClock;
import dev.sallyport.testing.StoreRig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.MongoClient;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The stores in MongoDB with a real server and a real broker behind them, as seen from two nodes: {@link #database} is
 * the first, {@link #other} the second.
 */
public final class MongoRig implements StoreRig, AutoCloseable {

    /** The servers, and the cable to the first of them. */
    public interface Servers {

        /** Through a cable that {@link #cut} pulls out; with a database of that name. */
        String mongoUri(String database);

        String bootstrapServers();

        void cut();

        void restore();
    }

    /** Keeps events from the broker while that is away. */
    private static final class Switch implements EventPublisher {
        private final EventPublisher broker;
        private volatile boolean away;

        Switch(EventPublisher broker) {
            this.broker = broker;
        }

        @Override
        public void send(EventRecord event) {
            if (away) {
                throw new PublishFailed(event.topic(), null);
            }
            broker.send(event);
        }

        @Override
        public void publish(List<EventRecord> events, Consumer<Boolean> done) {
            if (away) {
                done.accept(false);
            } else {
                broker.publish(events, done);
            }
        }
    }

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String MARK = "mark";

    private final Servers servers;
    private final String name = "rig-" + ProcessHandle.current().pid() + '-' + COUNT.incrementAndGet();
    private final MovableClock clock = new MovableClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private final Vertx vertx = Vertx.vertx();
    private final Contexts contexts = new Contexts(vertx, 4);
    private final Path keys;
    private final Keyring keyring;
    private final AuditStream audit;
    private final KafkaEventPublisher producer;
    private final Switch publisher;
    private final MongoClient client;
    private final MongoDatabase database;
    private final MongoDatabase other;

    public MongoRig(Servers servers) {
        this.servers = servers;
        keys = newKeys();
        keyring = Keyring.open(keys, EnumSet.allOf(Role.class));
        audit = new AuditStream(servers.bootstrapServers());
        producer = call(() -> new KafkaEventPublisher(vertx, servers.bootstrapServers(), Map.of(), new Stamps("here")));
        publisher = new Switch(producer);
        client = MongoClient.create(vertx, MongoAddress.settings(servers.mongoUri(name), name));
        database = call(this::open);
        other = call(this::open);
    }

    /** One more node; whoever opens it closes it. */
    public MongoDatabase open() {
        AuditRecords audit = new AuditRecords("test");
        return MongoDatabase.open(
                vertx, servers.mongoUri(name), name, publisher, event -> List.of(audit.record(event)), clock);
    }

    private static Path newKeys() {
        Path folder = Folders.temporary("sallyport-rig-");
        new KeyFolder(folder).init();
        return folder;
    }

    /** Where all keys are, for rotating them; {@link #keyring} follows when it is told to reread. */
    public Path keys() {
        return keys;
    }

    public Keyring keyring() {
        return keyring;
    }

    public MongoDatabase database() {
        return database;
    }

    /** The same database, seen from another node. */
    public MongoDatabase other() {
        return other;
    }

    /** For looking at documents as they are stored. */
    public JsonObject stored(String collection, String id) {
        return client.findOne(collection, new JsonObject().put("_id", id), null).await();
    }

    public MongoClient client() {
        return client;
    }

    public EventPublisher publisher() {
        return publisher;
    }

    public Vertx vertx() {
        return vertx;
    }

    @Override
    public MovableClock clock() {
        return clock;
    }

    @Override
    public <T> T call(Callable<T> work) {
        return contexts.call(work);
    }

    @Override
    public <T> List<T> atOnce(int count, IntFunction<T> work) {
        return contexts.atOnce(count, work);
    }

    /** Whatever was produced before the mark that is produced now arrives before it. */
    @Override
    public List<EventRecord> arrived(String key) {
        settle();
        String mark = MARK + COUNT.incrementAndGet();
        call(() -> {
            producer.send(
                    new EventRecord(mark, MARK, clock.instant(), Topics.AUDIT, key, Map.of(), new byte[] {'{', '}'}));
            return true;
        });
        Eventually.equal(true, () -> audit.arrived(key).stream()
                .anyMatch(event -> event.id().equals(mark)));
        return audit.arrived(key).stream()
                .filter(event -> !event.type().equals(MARK))
                .toList();
    }

    @Override
    public void settle() {
        call(() -> {
            database.settle();
            other.settle();
            return true;
        });
    }

    @Override
    public void sweep() {
        // A sweep that began by itself a moment ago may have looked too early.
        Eventually.equal(true, () -> call(database::sweep));
        Eventually.equal(true, () -> call(other::sweep));
    }

    @Override
    public void brokerLeaves() {
        publisher.away = true;
    }

    @Override
    public void brokerReturns() {
        publisher.away = false;
    }

    @Override
    public void storeLeaves() {
        servers.cut();
    }

    /** Returns when both nodes have noticed: a connection that was cut costs the next operation on it. */
    @Override
    public void storeReturns() {
        servers.restore();
        Eventually.equal(true, () -> call(() -> database.check() && other.check()));
    }

    @Override
    public void close() {
        brokerReturns();
        storeReturns();
        call(() -> {
            database.close();
            other.close();
            producer.close();
            return true;
        });
        client.close().await();
        vertx.close().await();
        audit.close();
        Folders.delete(keys);
    }
}
