package dev.sallyport.mongo;

import static io.vertx.core.Future.await;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.EventRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.IndexOptions;
import io.vertx.ext.mongo.MongoClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection to MongoDB, its collections and their indexes. Writes are acknowledged by a majority and reads go to
 * the primary.
 */
public final class MongoDatabase {

    /** The address asks for something that would lose or repeat sign-ins, or leads to a server that would. */
    public static final class BadAddress extends ExpectedFailure {
        private static final long serialVersionUID = 1;

        BadAddress(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static final String OUTBOX = "outbox";

    /** The collections, each with the names of its unique indexes. */
    private static final Map<String, List<String>> COLLECTIONS = new TreeMap<>(Map.of(
            "accounts",
            List.of("username"),
            "challenges",
            List.of("tokenHash"),
            "sessions",
            List.of("tokenHash"),
            "throttles",
            List.of(),
            OUTBOX,
            List.of()));

    /** What is looked for beside, and may stand in many documents. */
    private static final Map<String, String> LISTED = Map.of("sessions", "account");

    private static final List<String> SWEPT = List.of(PendingEvents.FIELD + ".time", "purgeAfter");

    private final MongoClient client;
    private final LateWrites late;
    private final EventRelay relay;
    private final Sweeper sweeper;
    private final Clock clock;

    private MongoDatabase(MongoClient client, LateWrites late, EventRelay relay, Sweeper sweeper, Clock clock) {
        this.client = client;
        this.late = late;
        this.relay = relay;
        this.sweeper = sweeper;
        this.clock = clock;
    }

    /**
     * Connects and makes what indexes are missing. Called from a Vert.x virtual thread.
     *
     * @param records what an event leaves in Kafka, always the same for the same event
     * @throws BadAddress if the address asks for weaker writes or stale reads, or leads to a server that stands alone or
     *     that refuses its user
     * @throws StoreUnavailable if no primary answers
     */
    public static MongoDatabase open(
            Vertx vertx,
            String uri,
            String database,
            EventPublisher publisher,
            Function<AuditEvent, List<EventRecord>> records,
            Clock clock) {
        MongoClient client = MongoClient.create(vertx, MongoAddress.settings(uri, database));
        try {
            inspect(client);
            makeIndexes(client);
        } catch (RuntimeException e) {
            await(client.close());
            throw e;
        }
        LateWrites late = new LateWrites(vertx, client);
        EventRelay relay = new EventRelay(publisher, records, late, clock);
        Sweeper sweeper = new Sweeper(vertx, client, relay, clock, COLLECTIONS.keySet());
        sweeper.start();
        return new MongoDatabase(client, late, relay, sweeper, clock);
    }

    private static void inspect(MongoClient client) {
        try {
            JsonObject hello = Answers.of(client.runCommand("hello", new JsonObject().put("hello", 1)));
            MongoAddress.problem(hello).ifPresent(problem -> {
                throw new BadAddress(problem, null);
            });
        } catch (StoreUnavailable e) {
            throw MongoAddress.problem(e)
                    .<ExpectedFailure>map(problem -> new BadAddress(problem, e))
                    .orElse(e);
        }
    }

    private static void makeIndexes(MongoClient client) {
        List<Future<Void>> made = new ArrayList<>();
        COLLECTIONS.forEach((collection, uniques) -> {
            for (String unique : uniques) {
                made.add(client.createIndexWithOptions(
                        collection,
                        new JsonObject().put(unique, 1),
                        new IndexOptions().unique(true).sparse(true)));
            }
            Optional.ofNullable(LISTED.get(collection))
                    .ifPresent(listed -> made.add(client.createIndex(collection, new JsonObject().put(listed, 1))));
            for (String swept : SWEPT) {
                made.add(client.createIndexWithOptions(
                        collection, new JsonObject().put(swept, 1), new IndexOptions().sparse(true)));
            }
        });
        // On a collection that is large already this may take longer than any other operation.
        try {
            await(Future.all(made));
        } catch (Exception e) {
            throw new StoreUnavailable(e);
        }
    }

    public Documents documents(String collection) {
        if (!COLLECTIONS.containsKey(collection)) {
            throw new IllegalArgumentException("no collection " + collection);
        }
        Documents outbox = new Documents(client, OUTBOX, relay, late, clock, null);
        return collection.equals(OUTBOX) ? outbox : new Documents(client, collection, relay, late, clock, outbox);
    }

    /** True if the store answers now: an operation would work. */
    public boolean check() {
        try {
            Answers.of(client.runCommand("ping", new JsonObject().put("ping", 1)));
            return true;
        } catch (StoreUnavailable e) {
            return false;
        }
    }

    /** Does at once what is otherwise done every few seconds; false, and nothing is done, while that is under way. */
    boolean sweep() {
        return sweeper.sweep();
    }

    /** Waits a little for events on their way, and writes what is gathered. */
    void settle() {
        waitFor(relay.settled());
        waitFor(late.settled());
    }

    /** Stops sweeping, settles what is under way, and disconnects. */
    public void close() {
        sweeper.stop();
        settle();
        await(client.close());
    }

    /** What is not done in time, or fails, is done by another node's sweeper or harmlessly not at all. */
    private static void waitFor(Future<Void> settled) {
        await(Answers.inTime(settled).otherwiseEmpty());
    }
}
