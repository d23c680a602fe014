package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class TestServersIT {

    @Test
    void bothServersAnswerAtTheSameAddressEachTime() throws Exception {
        String bootstrapServers = TestServers.bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                MongoClient client = MongoClients.create(TestServers.mongoUri("anything"))) {
            assertEquals(1, admin.describeCluster().nodes().get().size());
            assertNotNull(Mono.from(client.getDatabase("anything").runCommand(new Document("ping", 1)))
                    .block());
        }

        assertEquals(bootstrapServers, TestServers.bootstrapServers());
        assertEquals(TestServers.mongoUri("a"), TestServers.mongoUri("a"));
    }
}
