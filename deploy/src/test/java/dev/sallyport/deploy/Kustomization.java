package dev.sallyport.deploy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A folder of manifests, put together as kustomize does it, as far as our folders ask for; what they ask for beyond that is
 * an error. The names of what is generated come without their hash. {@link KustomizeIT} compares with kustomize itself.
 */
final class Kustomization {

    static final Path BASE = Path.of("kubernetes", "base");
    static final Path EXAMPLE = Path.of("kubernetes", "overlays", "example");

    private static final Set<String> UNDERSTOOD = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "resources",
            "components",
            "images",
            "configMapGenerator",
            "secretGenerator",
            "patches");

    private final Path folder;
    private final Manifest plan;
    private final List<Manifest> documents;

    private Kustomization(Path folder, List<Manifest> before) {
        this.folder = folder;
        this.plan = Manifest.read(folder.resolve("kustomization.yaml")).getFirst();
        this.documents = new ArrayList<>(before);
    }

    static List<Manifest> build(Path folder) {
        return new Kustomization(folder, List.of()).build();
    }

    private List<Manifest> build() {
        if (!UNDERSTOOD.containsAll(plan.json().fieldNames())) {
            throw new AssertionError(folder + " asks for more than " + UNDERSTOOD);
        }
        texts("resources").forEach(resource -> documents.addAll(resource(folder.resolve(resource))));
        plan.objects("/configMapGenerator").forEach(this::generateConfigMap);
        plan.objects("/secretGenerator").forEach(this::generateSecret);
        texts("components").forEach(this::component);
        plan.objects("/patches").forEach(this::patch);
        plan.objects("/images").forEach(this::image);
        if (plan.at("/namespace") != null) {
            documents.stream()
                    .filter(document -> !document.kind().equals("Namespace"))
                    .forEach(document -> document.object("/metadata").put("namespace", plan.text("/namespace")));
        }
        return List.copyOf(documents);
    }

    private List<String> texts(String field) {
        return plan.json().getJsonArray(field, new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
    }

    private static List<Manifest> resource(Path path) {
        return Files.isDirectory(path) ? build(path) : Manifest.read(path);
    }

    /** What it has to say it says about all that is there so far. */
    private void component(String path) {
        List<Manifest> changed = new Kustomization(folder.resolve(path), documents).build();
        documents.clear();
        documents.addAll(changed);
    }

    private void generateConfigMap(JsonObject generator) {
        JsonObject data = new JsonObject();
        for (Object file : generator.getJsonArray("envs")) {
            content(file.toString())
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("=", 2))
                    .forEach(pair -> data.put(pair[0], pair[1]));
        }
        documents.add(generated("ConfigMap", generator, data));
    }

    private void generateSecret(JsonObject generator) {
        JsonObject data = new JsonObject();
        for (Object file : generator.getJsonArray("files")) {
            String[] pair = file.toString().split("=", 2);
            byte[] content = content(pair[1]).getBytes(StandardCharsets.UTF_8);
            data.put(pair[0], Base64.getEncoder().encodeToString(content));
        }
        Manifest secret = generated("Secret", generator, data);
        secret.json().put("type", "Opaque");
        documents.add(secret);
    }

    private static Manifest generated(String kind, JsonObject generator, JsonObject data) {
        return new Manifest(new JsonObject()
                .put("apiVersion", "v1")
                .put("kind", kind)
                .put("metadata", new JsonObject().put("name", generator.getString("name")))
                .put("data", data));
    }

    private void patch(JsonObject patch) {
        JsonObject target = patch.getJsonObject("target");
        List<Manifest> targets = documents.stream()
                .filter(document -> document.kind().equals(target.getString("kind")))
                .filter(document -> document.name().matches(target.getString("name")))
                .toList();
        if (targets.isEmpty()) {
            throw new AssertionError("nothing is " + target);
        }
        for (Manifest document : targets) {
            List<JsonObject> steps = Manifest.parse(
                            "steps:\n" + patch.getString("patch").indent(2))
                    .getFirst()
                    .objects("/steps");
            steps.forEach(step -> take(step, document));
        }
    }

    private static void take(JsonObject step, Manifest document) {
        JsonPointer path = JsonPointer.from(step.getString("path"));
        String last = step.getString("path").replaceFirst(".*/", "");
        if (path.queryJson(document.json()) == null
                || !(path.copy().parent().queryJson(document.json()) instanceof JsonObject parent)) {
            throw new AssertionError(document + " has no " + path);
        }
        switch (step.getString("op")) {
            case "replace" -> parent.put(last, step.getValue("value"));
            case "remove" -> parent.remove(last);
            default -> throw new AssertionError("an unknown step " + step);
        }
    }

    private void image(JsonObject image) {
        String name = image.getString("newName") + ':' + image.getString("newTag");
        for (Manifest document : documents) {
            document.containers().stream()
                    .filter(container -> container.getString("image").matches(image.getString("name") + ":.+"))
                    .forEach(container -> container.put("image", name));
        }
    }

    private String content(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
