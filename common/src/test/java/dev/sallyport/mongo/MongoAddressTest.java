package dev.sallyport.mongo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import dev.sallyport.StoreUnavailable;
import dev.sallyport.mongo.MongoDatabase.BadAddress;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.impl.config.MongoClientOptionsParser;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MongoAddressTest {

    private static JsonObject settings(String uri) {
        return MongoAddress.settings(uri, "sallyport");
    }

    @Test
    void anAddressWithoutOptionsGetsOurs() {
        Vertx vertx = Vertx.vertx();
        try {
            var options = new MongoClientOptionsParser(vertx, settings("mongodb://db1,db2/?replicaSet=rs0")).settings();
            assertEquals(WriteConcern.MAJORITY, options.getWriteConcern());
            assertEquals("primary", options.getReadPreference().getName());
            assertEquals(50, options.getConnectionPoolSettings().getMaxSize());
            assertEquals(2_000, options.getConnectionPoolSettings().getMaxWaitTime(TimeUnit.MILLISECONDS));
            assertEquals(3_000, options.getClusterSettings().getServerSelectionTimeout(TimeUnit.MILLISECONDS));
            assertEquals("rs0", options.getClusterSettings().getRequiredReplicaSetName());
            assertEquals(2, options.getClusterSettings().getHosts().size());
            assertEquals(2_000, options.getSocketSettings().getConnectTimeout(TimeUnit.MILLISECONDS));
            assertEquals(5_000, options.getSocketSettings().getReadTimeout(TimeUnit.MILLISECONDS));
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void limitsThatTheAddressChoosesStand() {
        JsonObject settings = settings("mongodb://db1/?serverSelectionTimeoutMS=200&connectTimeoutMS=201"
                + "&maxPoolSize=7&w=majority&wtimeoutMS=900&readPreference=primary");
        assertNull(settings.getValue("serverSelectionTimeoutMS"));
        assertNull(settings.getValue("connectTimeoutMS"));
        assertNull(settings.getValue("maxPoolSize"));
        assertNull(settings.getValue("w"));
        assertEquals(2_000, settings.getLong("waitQueueTimeoutMS"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "w=1",
                "w=0",
                "w=2",
                "journal=false",
                "w=majority&journal=false",
                "readPreference=secondary",
                "readPreference=primaryPreferred",
                "readPreference=nearest&w=majority",
            })
    void weakerWritesAndStaleReadsAreRefused(String options) {
        BadAddress refused = assertThrows(BadAddress.class, () -> settings("mongodb://db1/?" + options));
        assertTrue(refused.getMessage().contains("w=majority"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db1:27017 | is not a MongoDB address",
                "mongodb://someone:sec/ret@db1 | is not a MongoDB address",
                "mongodb://someone:s@/ecret@db1/?replicaSet=rs0 | is not a MongoDB address",
                "mongodb://someone:s@x/ecret@db1 | authSource=NAME",
                "mongodb://someone:secret@db1/admin?replicaSet=rs0 | authSource=NAME",
            })
    void whatCannotBeIsNamedWithoutThePassword(String uri, String said) {
        BadAddress refused = assertThrows(BadAddress.class, () -> settings(uri));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
        assertFalse(refused.getMessage().contains("ecret"), refused.getMessage());
        assertNull(refused.getCause());
    }

    @Test
    void theDatabaseMayBeNamedTwiceIfItIsTheSame() {
        assertEquals("sallyport", settings("mongodb://db1/sallyport").getString("db_name"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a replica set | {\"isWritablePrimary\": true, \"setName\": \"rs0\"} | false",
                "a sharded cluster | {\"isWritablePrimary\": true, \"msg\": \"isdbgrid\"} | false",
                "the embedded server | {\"isWritablePrimary\": true, \"sallyport\": \"embedded\"} | false",
                "a server alone | {\"isWritablePrimary\": true, \"maxWireVersion\": 25} | true",
            })
    void aServerThatStandsAloneIsAProblem(String what, String hello, boolean problem) {
        assertEquals(problem, MongoAddress.problem(new JsonObject(hello)).isPresent(), what);
    }

    @Test
    void aRefusedUserIsToldFromAnAbsentServer() {
        MongoCredential credential = MongoCredential.createCredential("someone", "admin", "secret".toCharArray());
        Throwable refused = new StoreUnavailable(
                new IllegalStateException(new MongoSecurityException(credential, "authentication failed")));
        assertTrue(MongoAddress.problem(refused).orElseThrow().contains("authSource"));
        BsonDocument unknown = new BsonDocument("ok", new BsonInt32(0)).append("code", new BsonInt32(59));
        Throwable old = new StoreUnavailable(new MongoCommandException(unknown, new ServerAddress()));
        assertTrue(MongoAddress.problem(old).orElseThrow().contains("use MongoDB 8"));
        Throwable distrusted = new StoreUnavailable(new MongoTimeoutException(
                "no server: {com.mongodb.MongoSocketWriteException}, caused by {javax.net.ssl.SSLHandshakeException}"));
        assertTrue(MongoAddress.problem(distrusted).orElseThrow().contains("javax.net.ssl.trustStore"));
        assertEquals(Optional.empty(), MongoAddress.problem(new StoreUnavailable(null)));
    }
}
