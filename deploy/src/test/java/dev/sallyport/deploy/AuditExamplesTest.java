package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.event.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shipped for other people's consumers of the audit stream fits the stream. */
class AuditExamplesTest {

    private static final Path EXAMPLES = Path.of("examples", "audit");

    private static JsonObject connector(String file) throws IOException {
        return new JsonObject(Files.readString(EXAMPLES.resolve(file))).getJsonObject("config");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka-connect-s3.json", "kafka-connect-elasticsearch.json"})
    void aConnectorReadsWhatWasCommittedAsJsonWithoutASchema(String file) throws IOException {
        JsonObject config = connector(file);
        assertEquals(Topics.AUDIT, config.getString("topics"));
        assertEquals("read_committed", config.getString("consumer.override.isolation.level"));
        assertEquals("org.apache.kafka.connect.json.JsonConverter", config.getString("value.converter"));
        assertEquals("false", config.getString("value.converter.schemas.enable"));
        config.forEach(setting -> assertTrue(setting.getValue() instanceof String, setting.getKey()));
    }

    /** The record's key is the account; a document's is the event, so that one told twice is one document. */
    @Test
    void elasticsearchNamesADocumentAsItsEvent() throws IOException {
        JsonObject config = connector("kafka-connect-elasticsearch.json");
        assertEquals("false", config.getString("key.ignore"));
        assertEquals("INSERT", config.getString("write.method"));
        StringBuilder path = new StringBuilder();
        for (String name : config.getString("transforms").split(",")) {
            String prefix = "transforms." + name + '.';
            String type = config.getString(prefix + "type").replace("org.apache.kafka.connect.transforms.", "");
            path.append(
                    switch (type) {
                        case "ValueToKey" -> "value " + config.getString(prefix + "fields");
                        case "ExtractField$Key" -> ", key " + config.getString(prefix + "field");
                        default -> type;
                    });
        }
        assertEquals("value metadata, key metadata, key uid", path.toString());
        for (String schema : List.of("authentication", "account-change", "operator-change")) {
            JsonObject metadata = new JsonObject(
                            Files.readString(Path.of("..", "docs", "events", schema + "-0.1.json")))
                    .getJsonObject("properties")
                    .getJsonObject("metadata");
            assertTrue(metadata.getJsonArray("required").contains("uid"), schema);
        }
    }

    @Test
    void vectorTellsEachEventOnceOnEveryWay() {
        Manifest vector = Manifest.read(EXAMPLES.resolve("vector.yaml")).getFirst();
        assertEquals(new JsonArray().add(Topics.AUDIT), vector.at("/sources/audit/topics"));
        assertEquals(
                "read_committed",
                vector.object("/sources/audit/librdkafka_options").getString("isolation.level"));
        assertEquals("dedupe", vector.text("/transforms/once/type"));
        assertEquals(new JsonArray().add("ce_id"), vector.at("/transforms/once/fields/match"));
        assertEquals("ce_id", vector.text("/sinks/elasticsearch/id_key"));
        for (String sink : List.of("files", "elasticsearch")) {
            assertEquals(new JsonArray().add("once"), vector.at("/sinks/" + sink + "/inputs"));
            assertEquals(true, vector.at("/sinks/" + sink + "/acknowledgements/enabled"), sink);
        }
    }

    @Test
    void everyInputOfVectorIsThereAndEveryOutputIsUsed() {
        Manifest vector = Manifest.read(EXAMPLES.resolve("vector.yaml")).getFirst();
        Set<String> outputs = new HashSet<>(vector.object("/sources").fieldNames());
        Set<String> inputs = new HashSet<>();
        vector.object("/transforms").forEach(transform -> {
            JsonObject settings = (JsonObject) transform.getValue();
            outputs.add(transform.getKey());
            if (settings.getBoolean("reroute_dropped", false)) {
                outputs.add(transform.getKey() + ".dropped");
            }
            settings.getJsonArray("inputs").forEach(input -> inputs.add((String) input));
        });
        vector.object("/sinks").forEach(sink -> ((JsonObject) sink.getValue())
                .getJsonArray("inputs")
                .forEach(input -> inputs.add((String) input)));
        assertEquals(outputs, inputs);
    }

    @Test
    void theProgramsReadTheTopicsThatThereAre() throws IOException {
        for (String program : List.of("AuditConsumer.java", "audit_consumer.py")) {
            String text = Files.readString(EXAMPLES.resolve(program));
            Stream.of(Topics.AUDIT, Topics.AUDIT_CHECKPOINT)
                    .forEach(topic -> assertTrue(text.contains('"' + topic + '"'), program + ": " + topic));
        }
    }
}
