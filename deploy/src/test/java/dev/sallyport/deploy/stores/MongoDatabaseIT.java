package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.mongo.MongoBench;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoDatabase.BadAddress;
import org.junit.jupiter.api.Test;

class MongoDatabaseIT {

    private final MongoBench bench = EmbeddedBench.shared();

    @Test
    void aServerThatIsNeitherAReplicaSetNorOursIsRefusedInOneSentence() {
        MongoServer stranger = new MongoServer(new MemoryBackend());
        try {
            String uri = "mongodb://127.0.0.1:" + stranger.bind().getPort();
            BadAddress refused = assertThrows(
                    BadAddress.class,
                    () -> bench.call(() -> MongoDatabase.open(
                            bench.vertx(),
                            uri,
                            "sallyport",
                            bench.publisher(),
                            new AuditRecords("test"),
                            bench.clock())));
            assertTrue(refused.getMessage().contains("SALLYPORT_MONGO_URI"), refused.getMessage());
            assertEquals(0, refused.getStackTrace().length);
        } finally {
            stranger.shutdownNow();
        }
    }

    @Test
    void itSaysWhetherTheStoreAnswers() {
        assertTrue(bench.call(bench.database()::check));
        bench.storeLeaves();
        assertFalse(bench.call(bench.database()::check));
        bench.storeReturns();
        assertTrue(bench.call(bench.database()::check));
    }
}
