package dev.sallyport.mongo;

import static io.vertx.core.Future.await;

import com.mongodb.ConnectionString;
import dev.sallyport.ExpectedFailure;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.event.EventPublisher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.IndexOptions;
import io.vertx.ext.mongo.MongoClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The connection to MongoDB, its collections and their indexes. Writes are acknowledged by a majority and reads go to
 * the primary, whatever else the address asks for.
 */
public final class MongoDatabase {

    /** The address asks for something that would lose or repeat sign-ins. */
    public static final class BadAddress extends ExpectedFailure {
        private static final long serialVersionUID = 1;

        BadAddress(String message) {
            super(message, null);
        }
    }

    /** The collections, each with the names of its unique indexes. */
    private static final Map<String, List<String>> COLLECTIONS = new TreeMap<>(Map.of(
            "accounts", List.of("username"),
            "challenges", List.of("tokenHash"),
            "sessions", List.of("tokenHash"),
            "throttles", List.of(),
            "leases", List.of()));

    /** What an address may not choose. */
    private static final Map<String, String> REQUIRED = Map.of("w", "majority", "readPreference", "primary");

    /**
     * What an address gets where it chooses nothing else (milliseconds). They are bounds of single steps, which the
     * driver goes through twice where it tries again; {@link #inTime} bounds the whole.
     */
    private static final Map<String, String> BOUNDS = new TreeMap<>(Map.of(
            "serverSelectionTimeoutMS", "3000",
            "connectTimeoutMS", "2000",
            "socketTimeoutMS", "5000",
            "waitQueueTimeoutMS", "2000",
            "maxPoolSize", "50"));

    /** How long a person is let wait for one operation. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final MongoClient client;
    private final EventRelay relay;
    private final Sweeper sweeper;
    private final Clock clock;

    private MongoDatabase(MongoClient client, EventRelay relay, Sweeper sweeper, Clock clock) {
        this.client = client;
        this.relay = relay;
        this.sweeper = sweeper;
        this.clock = clock;
    }

    /**
     * Connects and makes what indexes are missing. Called from a Vert.x virtual thread.
     *
     * @throws BadAddress if the address asks for weaker writes or stale reads
     * @throws StoreUnavailable if no primary answers
     */
    public static MongoDatabase open(
            Vertx vertx, String uri, String database, EventPublisher publisher, AuditRecords records, Clock clock) {
        JsonObject config =
                new JsonObject().put("connection_string", bounded(uri)).put("db_name", database);
        MongoClient client = MongoClient.create(vertx, config);
        EventRelay relay = new EventRelay(vertx, client, publisher, records);
        Sweeper sweeper = new Sweeper(vertx, client, relay, clock, COLLECTIONS.keySet());
        try {
            makeIndexes(client);
        } catch (Exception e) {
            await(client.close());
            throw new StoreUnavailable(e);
        }
        sweeper.start();
        return new MongoDatabase(client, relay, sweeper, clock);
    }

    public Documents documents(String collection) {
        if (!COLLECTIONS.containsKey(collection)) {
            throw new IllegalArgumentException("no collection " + collection);
        }
        return new Documents(client, collection, relay, clock);
    }

    /** The same operation, failed where it takes too long; what it does in the store may happen all the same. */
    static <T> Future<T> inTime(Future<T> operation) {
        return operation.timeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** True if the store answers now: an operation would work. */
    public boolean check() {
        try {
            await(inTime(client.runCommand("ping", new JsonObject().put("ping", 1))));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** Stops sweeping, writes what is gathered, and disconnects. */
    public void close() {
        sweeper.stop();
        await(relay.flush());
        await(client.close());
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
            for (String swept : List.of("pendingSince", "purgeAfter")) {
                made.add(client.createIndexWithOptions(
                        collection, new JsonObject().put(swept, 1), new IndexOptions().sparse(true)));
            }
        });
        await(Future.all(made));
    }

    private static String bounded(String uri) {
        ConnectionString parsed;
        try {
            parsed = new ConnectionString(uri);
        } catch (IllegalArgumentException e) {
            throw new BadAddress("SALLYPORT_MONGO_URI is not a MongoDB address; write mongodb://host:port/….");
        }
        boolean weak = parsed.getWriteConcern() != null
                && !"majority".equals(parsed.getWriteConcern().getWObject());
        boolean stale = parsed.getReadPreference() != null
                && !"primary".equals(parsed.getReadPreference().getName());
        if (weak || stale) {
            throw new BadAddress("SALLYPORT_MONGO_URI asks for weaker writes than w=majority or for reads from"
                    + " secondaries, which would let a code be used twice; take those options out.");
        }
        String options = uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "";
        StringBuilder all = new StringBuilder(uri);
        if (!uri.contains("?")) {
            boolean hasPath = uri.indexOf('/', uri.indexOf("://") + 3) >= 0;
            all.append(hasPath ? "?" : "/?");
        }
        Map<String, String> additions = new TreeMap<>(BOUNDS);
        additions.putAll(REQUIRED);
        additions.forEach((name, value) -> {
            if (!("&" + options).contains("&" + name + '=')) {
                all.append(all.charAt(all.length() - 1) == '?' ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(value);
            }
        });
        return all.toString();
    }
}
