package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That what the other tests look at is what kustomize makes of our folders; where it is installed, or kubectl is. */
class KustomizeIT {

    private static final Set<String> GENERATED = Set.of("ConfigMap", "Secret");

    @Test
    void theBaseIsBuiltAsWeReadIt() {
        assertSame(Kustomization.BASE);
    }

    @Test
    void theExampleIsBuiltAsWeReadIt() {
        assertSame(Kustomization.EXAMPLE);
    }

    private static void assertSame(Path folder) {
        Optional<List<String>> program = program();
        assumeTrue(program.isPresent(), "skipped: neither kustomize nor kubectl is installed here");
        List<String> command = new ArrayList<>(program.orElseThrow());
        command.add(folder.toString());
        String built = Programs.run("", command.toArray(String[]::new));
        List<Manifest> read = Kustomization.build(folder);
        for (Manifest document : read) {
            if (GENERATED.contains(document.kind())) {
                built = built.replaceAll("(?m) " + document.name() + "-[a-z0-9]{10}$", " " + document.name());
            }
        }
        Map<String, JsonObject> expected = byName(Manifest.parse(built));
        Map<String, JsonObject> actual = byName(read);
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, document) -> assertEquals(document, actual.get(name), name));
    }

    private static Map<String, JsonObject> byName(List<Manifest> documents) {
        documents.forEach(KustomizeIT::unfold);
        return documents.stream().collect(Collectors.toMap(Manifest::toString, Manifest::json));
    }

    /** Secrets in base64 may be broken into lines. */
    private static void unfold(Manifest document) {
        if (document.kind().equals("Secret")) {
            JsonObject data = document.object("/data");
            Manifest.words(data).forEach((name, value) -> data.put(name, value.replaceAll("\\s", "")));
        }
    }

    private static Optional<List<String>> program() {
        return Stream.of(List.of("kustomize", "build"), List.of("kubectl", "kustomize"))
                .filter(command -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, command.getFirst()))))
                .findFirst();
    }
}
