package dev.sallyport.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoSecurityException;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import dev.sallyport.mongo.MongoDatabase.BadAddress;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where MongoDB is. Writes are acknowledged by a majority and reads go to the primary; an address that asks for anything
 * else is refused. Where it chooses no limits of its own, it gets ours.
 */
final class MongoAddress {

    private static final long CHOOSE_SERVER_MILLIS = 3_000;
    private static final int CONNECT_MILLIS = 2_000;
    private static final long CONNECTION_WAIT_MILLIS = 2_000;
    private static final int MOST_CONNECTIONS = 50;
    private static final int COMMAND_NOT_FOUND = 59;

    private MongoAddress() {}

    /**
     * The settings of the Vert.x client. The limits are settings beside the address and not in it, where the driver
     * warns of two of them at every start.
     *
     * @throws BadAddress with a sentence that says what to change
     */
    static JsonObject settings(String uri, String database) {
        ConnectionString address = parse(uri);
        refuseWeakness(address);
        refuseOtherDatabase(address, database);
        JsonObject settings = new JsonObject().put("connection_string", uri).put("db_name", database);
        if (address.getWriteConcern() == null) {
            settings.put("w", "majority");
        }
        settings.put("readPreference", "primary");
        ifUnset(settings, "serverSelectionTimeoutMS", address.getServerSelectionTimeout(), CHOOSE_SERVER_MILLIS);
        ifUnset(settings, "connectTimeoutMS", address.getConnectTimeout(), CONNECT_MILLIS);
        ifUnset(settings, "socketTimeoutMS", address.getSocketTimeout(), (int) Answers.LIMIT_MILLIS);
        ifUnset(settings, "waitQueueTimeoutMS", address.getMaxWaitTime(), CONNECTION_WAIT_MILLIS);
        ifUnset(settings, "maxPoolSize", address.getMaxConnectionPoolSize(), MOST_CONNECTIONS);
        return settings;
    }

    private static ConnectionString parse(String uri) {
        try {
            return new ConnectionString(uri);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message may quote the address, and with it a password.
            throw new BadAddress("SALLYPORT_MONGO_URI is not a MongoDB address; write mongodb://host:port/….", null);
        }
    }

    private static void refuseWeakness(ConnectionString address) {
        WriteConcern writes = address.getWriteConcern();
        ReadPreference reads = address.getReadPreference();
        boolean weak = writes != null
                && (!"majority".equals(writes.getWObject()) || Boolean.FALSE.equals(writes.getJournal()));
        boolean stale = reads != null && !ReadPreference.primary().equals(reads);
        if (weak || stale) {
            throw new BadAddress(
                    "SALLYPORT_MONGO_URI asks for weaker writes than w=majority or for reads from"
                            + " secondaries, which would let a code be used twice; take those options out.",
                    null);
        }
    }

    /** The client would follow the address, so that the data would not be where the setting says. */
    private static void refuseOtherDatabase(ConnectionString address, String database) {
        String named = address.getDatabase();
        if (named != null && !named.equals(database)) {
            // What it names is not repeated: with a stray slash in it, it may be half of a password.
            throw new BadAddress(
                    "SALLYPORT_MONGO_URI names a database, and not %s, which SALLYPORT_MONGO_DATABASE names; leave it"
                                    .formatted(database)
                            + " out of the address. Where it is the one that knows the user, write ?authSource=NAME.",
                    null);
        }
    }

    private static void ifUnset(JsonObject settings, String name, @Nullable Object chosen, Object ours) {
        if (chosen == null) {
            settings.put(name, ours);
        }
    }

    /**
     * What is wrong with a server, as a sentence.
     *
     * @param hello its answer to the command of that name
     */
    static Optional<String> problem(JsonObject hello) {
        boolean replicated = hello.containsKey("setName");
        boolean sharded = "isdbgrid".equals(hello.getValue("msg"));
        boolean embedded = hello.containsKey("sallyport");
        return replicated || sharded || embedded
                ? Optional.empty()
                : Optional.of("SALLYPORT_MONGO_URI leads to a MongoDB server that stands alone: no other takes over"
                        + " when it fails, and no majority keeps what it acknowledged. Make it a replica set, of one"
                        + " member if need be (mongod --replSet rs0, then rs.initiate() in mongosh).");
    }

    /**
     * What the failure of the first command says about a server; empty if it just did not answer.
     *
     * @return a sentence
     */
    static Optional<String> problem(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MongoSecurityException) {
                return Optional.of("MongoDB refuses the user of SALLYPORT_MONGO_URI; check its name, its password and"
                        + " authSource, the database that knows it.");
            }
            // While no server can be reached, why not stands in the driver's words alone.
            if (String.valueOf(cause.getMessage()).contains("javax.net.ssl.")) {
                return Optional.of(
                        "MongoDB and this process come to no encrypted connection: the servers' certificates are"
                                + " of an authority that Java does not know (javax.net.ssl.trustStore), or for other names than"
                                + " those in SALLYPORT_MONGO_URI, or they encrypt nothing.");
            }
            if (cause instanceof MongoCommandException command && command.getErrorCode() == COMMAND_NOT_FOUND) {
                return Optional.of("SALLYPORT_MONGO_URI leads to a server that speaks too old a form of MongoDB's"
                        + " protocol, or a part of it; use MongoDB 8.");
            }
        }
        return Optional.empty();
    }
}
