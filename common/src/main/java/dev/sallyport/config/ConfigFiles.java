package dev.sallyport.config;

import dev.sallyport.config.SallyportConfig.AuthzRule;
import dev.sallyport.config.SallyportConfig.SmsInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Where the configuration comes from, and its table for the documentation. */
public final class ConfigFiles {

    /** Names the configuration file; the only setting that is not in it. Default: {@code sallyport.yaml}, if there. */
    public static final String FILE_VARIABLE = "SALLYPORT_CONFIG";

    private static final String PREFIX = "SALLYPORT_";
    private static final String ROOT = "sallyport";

    private ConfigFiles() {}

    /**
     * Reads and checks the whole configuration.
     *
     * @param environment all variables of the process
     * @param folder where {@code sallyport.yaml} is looked for
     * @throws ConfigProblems listing everything that is wrong
     */
    public static SallyportConfig read(Map<String, String> environment, Path folder) {
        return read(environment, folder, ConfigRules::problems);
    }

    /**
     * Reads the configuration and checks each setting by itself, as is enough for a command that uses few of them. What
     * must hold between settings binds only a process that runs roles.
     *
     * @throws ConfigProblems listing everything that is wrong
     */
    public static SallyportConfig readSettings(Map<String, String> environment, Path folder) {
        return read(environment, folder, _ -> List.of());
    }

    private static SallyportConfig read(
            Map<String, String> environment, Path folder, Function<SallyportConfig, List<String>> rules) {
        Map<String, String> ours = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !name.equals(FILE_VARIABLE)) {
                ours.put(name, value);
            }
        });
        Optional<Path> named =
                Optional.ofNullable(environment.get(FILE_VARIABLE)).map(Path::of);
        Path file = named.orElseGet(() -> folder.resolve("sallyport.yaml"));
        Map<String, String> settings = named.isPresent() || Files.exists(file) ? readYaml(file) : Map.of();
        ConfigReader reader = new ConfigReader(settings, ours);
        Optional<SallyportConfig> config = reader.read(ROOT, SallyportConfig.class);
        List<String> problems = new ArrayList<>(reader.problems());
        config.map(rules).ifPresent(problems::addAll);
        if (!problems.isEmpty()) {
            throw new ConfigProblems(problems);
        }
        return config.orElseThrow();
    }

    /** The table of all settings in Markdown, as it stands in the README. */
    public static String table() {
        StringBuilder table = new StringBuilder("| variable | default | what it does |\n| --- | --- | --- |\n");
        for (ConfigReader.Leaf leaf : ConfigReader.leaves(ROOT, SallyportConfig.class)) {
            String fallback =
                    leaf.setting().or().isEmpty() ? "" : '`' + leaf.setting().or() + '`';
            table.append("| `%s` | %s | %s |\n"
                    .formatted(leaf.environmentName(), fallback, leaf.setting().value()));
        }
        return table.toString();
    }

    /**
     * The configuration as it was read, a line for each setting, in words that can be read again; secrets, and whatever
     * is for Kafka's clients, as {@code •••}.
     */
    public static String effective(SallyportConfig config) {
        StringBuilder text = new StringBuilder();
        append(ROOT, config, text);
        return text.toString();
    }

    private static void append(String path, Record node, StringBuilder text) {
        ConfigReader.values(path, node).forEach((child, value) -> {
            if (value instanceof Record inner && !(value instanceof Secret)) {
                append(child, inner, text);
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((key, element) -> appendNamed(child + '.' + key, element, text));
            } else {
                append(child, SettingText.written(value), text);
            }
        });
    }

    private static void appendNamed(String path, Object element, StringBuilder text) {
        switch (element) {
            case Weights weights -> append(path, weights.toString(), text);
            case SmsInstance instance -> {
                append(path + ".type", NamedRecords.kind(instance.getClass()), text);
                append(path, (Record) instance, text);
            }
            case AuthzRule rule -> append(path, rule, text);
            default -> append(path, "•••", text);
        }
    }

    private static void append(String path, String value, StringBuilder text) {
        text.append(path).append(": ").append(value).append('\n');
    }

    private static Map<String, String> readYaml(Path file) {
        try {
            Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
            Map<String, String> settings = new TreeMap<>();
            flatten("", yaml.load(Files.readString(file)), settings);
            return settings;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ConfigProblems(List.of(file + " is not YAML (line " + line + "); mend that line."));
        } catch (IOException | RuntimeException e) {
            throw new ConfigProblems(List.of(file + " can't be read; check that it is there, UTF-8 and readable."));
        }
    }

    private static void flatten(String path, @Nullable Object node, Map<String, String> settings) {
        if (node instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> flatten(path.isEmpty() ? String.valueOf(key) : path + '.' + key, value, settings));
        } else if (node instanceof List<?> list) {
            settings.put(
                    path, String.join(",", list.stream().map(String::valueOf).toList()));
        } else if (node != null) {
            settings.put(path, String.valueOf(node));
        }
    }
}
