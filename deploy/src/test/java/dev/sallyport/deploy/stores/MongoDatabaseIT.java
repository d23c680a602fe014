package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.sallyport.audit.ocsf.AuditRecords;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoDatabase.BadAddress;
import dev.sallyport.mongo.MongoRig;
import dev.sallyport.session.kafka.SessionRecords;
import org.junit.jupiter.api.Test;

class MongoDatabaseIT {

    private final MongoRig rig = EmbeddedRig.shared();

    @Test
    void aServerThatIsNeitherAReplicaSetNorOursIsRefusedInOneSentence() {
        MongoServer stranger = new MongoServer(new MemoryBackend());
        try {
            String uri = "mongodb://127.0.0.1:" + stranger.bind().getPort();
            BadAddress refused = assertThrows(
                    BadAddress.class,
                    () -> rig.call(() -> MongoDatabase.open(
                            rig.vertx(),
                            uri,
                            "sallyport",
                            rig.publisher(),
                            SessionRecords.beside(new AuditRecords("test")),
                            rig.clock())));
            assertTrue(refused.getMessage().contains("SALLYPORT_MONGO_URI"), refused.getMessage());
            assertEquals(0, refused.getStackTrace().length);
        } finally {
            stranger.shutdownNow();
        }
    }

    @Test
    void itSaysWhetherTheStoreAnswers() {
        assertTrue(rig.call(rig.database()::check));
        rig.storeLeaves();
        assertFalse(rig.call(rig.database()::check));
        rig.storeReturns();
        assertTrue(rig.call(rig.database()::check));
    }
}
