package dev.sallyport.event.kafka;

import dev.sallyport.Role;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.resource.ResourceType;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Who is to be a user of Kafka's by itself, and what it may do there, as written in {@code rights.yaml}.
 *
 * @param roles those that run as this user
 * @param commands operators' commands that do
 * @param rights all that these need, and no more
 */
public record Grantee(String name, List<Role> roles, List<String> commands, List<Right> rights) {

    /** All of them. */
    public static List<Grantee> all() {
        List<Grantee> all = new ArrayList<>();
        for (Object entry : load()) {
            JsonObject written = new JsonObject(Json.encode(entry));
            List<Right> rights = new ArrayList<>();
            addRights(rights, ResourceType.TOPIC, written.getJsonObject("topics", new JsonObject()));
            addRights(rights, ResourceType.GROUP, written.getJsonObject("groups", new JsonObject()));
            addRights(rights, ResourceType.TRANSACTIONAL_ID, written.getJsonObject("transactions", new JsonObject()));
            all.add(new Grantee(
                    written.getString("name"),
                    texts(written.getJsonArray("roles", new JsonArray()))
                            .map(Role::of)
                            .toList(),
                    texts(written.getJsonArray("commands", new JsonArray())).toList(),
                    rights));
        }
        return all;
    }

    private static void addRights(List<Right> rights, ResourceType type, JsonObject operations) {
        for (String operation : operations.fieldNames()) {
            texts(operations.getJsonArray(operation))
                    .map(name -> Right.of(operation, type, name))
                    .forEach(rights::add);
        }
    }

    private static Stream<String> texts(JsonArray array) {
        return array.stream().map(Object::toString);
    }

    /** What a process needs that plays these roles. */
    public static Set<Right> rightsOf(Collection<Role> roles) {
        Set<Right> rights = new LinkedHashSet<>();
        all().stream()
                .filter(grantee -> grantee.roles().stream().anyMatch(roles::contains))
                .forEach(grantee -> rights.addAll(grantee.rights()));
        return rights;
    }

    /** What those of this name need. */
    public static Set<Right> rightsOf(String name) {
        return Set.copyOf(all().stream()
                .filter(grantee -> grantee.name().equals(name))
                .findFirst()
                .orElseThrow()
                .rights());
    }

    private static List<?> load() {
        try (InputStream in = Grantee.class.getResourceAsStream("rights.yaml")) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
