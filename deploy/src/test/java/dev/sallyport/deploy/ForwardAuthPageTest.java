package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Configurations of proxies that are not run here say what they must. */
class ForwardAuthPageTest {

    private static final Pattern SNIPPET = Pattern.compile("(?s)\n```\n(.*?)\n```\n");
    private static final Path PAGE = Path.of("../docs/forward-auth.md");

    @Test
    void everyConfigurationPassesAllHeadersOn() throws IOException {
        List<String> lines = snippets().stream()
                .flatMap(String::lines)
                .filter(line -> line.contains("Remote-"))
                .toList();
        assertEquals(3, lines.size(), lines::toString);
        for (String line : lines) {
            for (String header : SiteProxy.OURS) {
                assertEquals(2, line.split(Pattern.quote(header), -1).length, header + " in: " + line);
            }
        }
    }

    @Test
    void theIngressesAreSuchThatKubernetesTakes() throws IOException {
        List<Manifest> ingresses = snippets().stream()
                .filter(text -> text.contains("kind: Ingress"))
                .flatMap(text -> Manifest.parse(text).stream())
                .toList();
        assertEquals(2, ingresses.size());
        for (Manifest ingress : ingresses) {
            assertEquals(List.of(), Schemas.problems(ingress));
        }
        Manifest service = Manifest.find(Kustomization.build(Kustomization.EXAMPLE), "Service", "sallyport-login");
        List<String> ports = service.objects("/spec/ports").stream()
                .map(port -> port.getString("name"))
                .toList();
        assertEquals("sallyport-login", ingresses.get(1).text("/spec/rules/0/http/paths/0/backend/service/name"));
        String port = ingresses.get(1).text("/spec/rules/0/http/paths/0/backend/service/port/name");
        assertEquals(List.of(port), ports.stream().filter(port::equals).toList());
        String asked = ingresses.getFirst().object("/metadata/annotations").encode();
        assertEquals(
                true, asked.contains("http://sallyport-login.sallyport.svc.cluster.local:9091/authz/forward-auth"));
    }

    private static List<String> snippets() throws IOException {
        return SNIPPET.matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .map(text -> text.replace("\n```\n", "\n"))
                .toList();
    }
}
