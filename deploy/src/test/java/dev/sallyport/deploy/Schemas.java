package dev.sallyport.deploy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Schemas of others that our files are held against; where they are from stands beside them. */
final class Schemas {

    private static final Path FOLDER = Path.of("src", "test", "resources", "schemas");
    private static final List<JsonObject> KUBERNETES = List.of(read("kubernetes-1.32.json"), read("keda.json"));
    private static final Map<String, Validator> VALIDATORS = new ConcurrentHashMap<>();

    private Schemas() {}

    /** What Kubernetes would not take of a document; nothing if all is right. */
    static List<String> problems(Manifest document) {
        String kind = document.json().getString("apiVersion") + ' ' + document.kind();
        return KUBERNETES.stream()
                .flatMap(schema -> definition(schema, document)
                        .map(name -> VALIDATORS.computeIfAbsent(kind, _ -> validator(part(schema, name))))
                        .stream())
                .findFirst()
                .map(validator -> problems(validator, document.json()))
                .orElse(List.of("no schema for " + kind))
                .stream()
                .map(problem -> document + ": " + problem)
                .toList();
    }

    /** What Compose would not take of a composition. */
    static List<String> compositionProblems(JsonObject composition) {
        return problems(validator(read("compose-spec.json")), composition);
    }

    /** Each kind's definition names the one version and kind that it is of. */
    private static Optional<String> definition(JsonObject schema, Manifest document) {
        return schema.getJsonObject("$defs").stream()
                .filter(entry -> ((JsonObject) entry.getValue()).getJsonObject("properties") != null)
                .filter(entry ->
                        says(entry.getValue(), "apiVersion", document) && says(entry.getValue(), "kind", document))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean says(Object definition, String field, Manifest document) {
        JsonObject property =
                ((JsonObject) definition).getJsonObject("properties").getJsonObject(field);
        return property != null
                && property.getJsonArray("enum", new JsonArray())
                        .contains(document.json().getString(field));
    }

    private static JsonObject part(JsonObject schema, String definition) {
        return new JsonObject()
                .put("$schema", schema.getString("$schema"))
                .put("$ref", "#/$defs/" + definition)
                .put("$defs", schema.getJsonObject("$defs"));
    }

    private static Validator validator(JsonObject schema) {
        return Validator.create(
                JsonSchema.of(schema),
                new JsonSchemaOptions()
                        .setBaseUri("https://sallyport.test/schemas/")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
    }

    private static List<String> problems(Validator validator, JsonObject value) {
        OutputUnit result = validator.validate(value);
        if (result.getValid()) {
            return List.of();
        }
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        return Stream.concat(
                        Stream.of("not as its schema says"),
                        errors.stream().map(error -> error.getInstanceLocation() + ": " + error.getError()))
                .toList();
    }

    private static JsonObject read(String file) {
        try {
            return new JsonObject(Files.readString(FOLDER.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
