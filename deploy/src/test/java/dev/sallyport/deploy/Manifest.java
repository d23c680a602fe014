package dev.sallyport.deploy;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One document for Kubernetes. Paths are JSON pointers. */
record Manifest(JsonObject json) {

    private static final List<JsonPointer> POD_SPECS = Stream.of(
                    "/spec/template/spec", "/spec/jobTemplate/spec/template/spec")
            .map(JsonPointer::from)
            .toList();

    static List<Manifest> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Manifest> parse(String text) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        List<Manifest> documents = new ArrayList<>();
        // Written and read again, so that all of it is JSON, and no part is shared as YAML may share it.
        yaml.loadAll(text).forEach(document -> documents.add(new Manifest(new JsonObject(Json.encode(document)))));
        return documents;
    }

    /** The only one of a kind and name. */
    static Manifest find(List<Manifest> documents, String kind, String name) {
        List<Manifest> found = documents.stream()
                .filter(document ->
                        document.kind().equals(kind) && document.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " documents are " + kind + ' ' + name);
        }
        return found.getFirst();
    }

    static List<Manifest> ofKind(List<Manifest> documents, String kind) {
        return documents.stream()
                .filter(document -> document.kind().equals(kind))
                .toList();
    }

    String kind() {
        return json.getString("kind");
    }

    String name() {
        return text("/metadata/name");
    }

    /** What is there, or null. */
    Object at(String pointer) {
        return JsonPointer.from(pointer).queryJson(json);
    }

    String text(String pointer) {
        return String.valueOf(at(pointer));
    }

    JsonObject object(String pointer) {
        return at(pointer) instanceof JsonObject object ? object : new JsonObject();
    }

    /** The objects of a list; none where there is no list. */
    List<JsonObject> objects(String pointer) {
        return at(pointer) instanceof JsonArray array ? objects(array) : List.of();
    }

    static List<JsonObject> objects(JsonArray array) {
        return array == null
                ? List.of()
                : array.stream().map(JsonObject.class::cast).toList();
    }

    static Map<String, String> words(JsonObject object) {
        Map<String, String> words = new TreeMap<>();
        object.forEach(entry -> words.put(entry.getKey(), String.valueOf(entry.getValue())));
        return words;
    }

    /** What its pods are, where it makes any. */
    Optional<JsonObject> podSpec() {
        return POD_SPECS.stream()
                .map(pointer -> (JsonObject) pointer.queryJson(json))
                .filter(spec -> spec != null)
                .findFirst();
    }

    List<JsonObject> containers() {
        return podSpec().map(spec -> objects(spec.getJsonArray("containers"))).orElse(List.of());
    }

    @Override
    public String toString() {
        return kind() + ' ' + name();
    }
}
