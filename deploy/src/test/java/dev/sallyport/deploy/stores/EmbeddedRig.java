package dev.sallyport.deploy.stores;

import dev.sallyport.deploy.CabledServers;
import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.mongo.MongoRig;
import java.net.URI;

/** One rig on the embedded servers for all tests of this JVM; it ends with the JVM. */
final class EmbeddedRig {

    private static final MongoRig SHARED = new MongoRig(
            new CabledServers(URI.create(TestServers.mongoUri("any")).getPort(), TestServers.bootstrapServers()));

    private EmbeddedRig() {}

    static MongoRig shared() {
        return SHARED;
    }
}
