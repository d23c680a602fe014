package dev.sallyport.deploy.stores;

import dev.sallyport.deploy.TcpProxy;
import dev.sallyport.deploy.embedded.TestServers;
import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.mongo.MongoRig;
import java.net.URI;
import java.util.Map;

/** One rig on the embedded servers for all tests of this JVM; it ends with the JVM. */
final class EmbeddedRig {

    private static final MongoRig SHARED = new MongoRig(new Embedded());

    private EmbeddedRig() {}

    static MongoRig shared() {
        return SHARED;
    }

    private static final class Embedded implements MongoRig.Servers {

        private final TcpProxy cable = new TcpProxy();

        Embedded() {
            cable.plugInto(URI.create(TestServers.mongoUri("any")).getPort());
            try (TopicAdmin admin = new TopicAdmin(TestServers.bootstrapServers(), Map.of())) {
                admin.apply(TopicPlan.all(1));
            }
        }

        @Override
        public String mongoUri(String database) {
            return "mongodb://127.0.0.1:" + cable.port() + '/' + database;
        }

        @Override
        public String bootstrapServers() {
            return TestServers.bootstrapServers();
        }

        @Override
        public void cut() {
            cable.refuse();
        }

        @Override
        public void restore() {
            cable.restore();
        }
    }
}
