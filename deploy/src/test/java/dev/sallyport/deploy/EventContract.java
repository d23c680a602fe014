package dev.sallyport.deploy;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What every record must be: a CloudEvent in Kafka's binary mode, whose value its schema in {@code docs/events} allows. */
final class EventContract {

    static final Path SCHEMAS = Path.of("..", "docs", "events");

    private final Map<String, JsonObject> schemas = new TreeMap<>();
    private final Map<String, Validator> validators = new TreeMap<>();

    EventContract() throws IOException {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            for (Path file : files.sorted().toList()) {
                JsonObject schema = new JsonObject(Files.readString(file));
                schemas.put(schema.getString("$id"), schema);
                validators.put(schema.getString("$id"), validator(schema));
            }
        }
    }

    /** The schemas by their URNs. */
    Map<String, JsonObject> schemas() {
        return schemas;
    }

    static Validator validator(JsonObject schema) {
        return Validator.create(
                JsonSchema.of(schema),
                new JsonSchemaOptions()
                        .setBaseUri("urn:sallyport:events")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
    }

    /** What is wrong with a record; nothing if all is right. */
    List<String> problems(Seen seen) {
        List<String> problems = new ArrayList<>(attributes(seen));
        problems.addAll(problems(seen.header("ce_dataschema"), seen.body()));
        return problems.stream().map(problem -> problem + " in " + seen).toList();
    }

    /** What a schema does not allow in a value. */
    List<String> problems(String urn, JsonObject value) {
        Validator validator = validators.get(urn);
        return validator == null ? List.of("no schema " + urn) : problems(validator.validate(value));
    }

    private static List<String> problems(OutputUnit result) {
        if (result.getValid()) {
            return List.of();
        }
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        List<String> problems = new ArrayList<>(List.of("not as its schema says"));
        errors.forEach(error -> problems.add(error.getInstanceLocation() + ": " + error.getError()));
        return problems;
    }

    private static List<String> attributes(Seen seen) {
        List<String> problems = new ArrayList<>();
        Map.of("content-type", "application/json", "ce_specversion", "1.0").forEach((name, wanted) -> {
            if (!seen.header(name).equals(wanted)) {
                problems.add(name + " is not " + wanted);
            }
        });
        for (String required : List.of("ce_id", "ce_source", "ce_type", "ce_time", "ce_dataschema")) {
            if (seen.header(required).isEmpty()) {
                problems.add("no " + required);
            }
        }
        seen.headers().keySet().stream()
                .filter(name -> !name.equals("content-type") && !name.matches("ce_[a-z0-9]{1,20}"))
                .forEach(name -> problems.add("a header " + name));
        if (seen.key().isEmpty()) {
            problems.add("no key");
        }
        try {
            Instant.parse(seen.header("ce_time"));
            new URI(seen.header("ce_source"));
        } catch (DateTimeParseException | URISyntaxException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return problems;
    }
}
