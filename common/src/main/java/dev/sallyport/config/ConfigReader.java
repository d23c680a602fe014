package dev.sallyport.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tree of records from flat settings. Every problem is collected before any is reported, unknown names are
 * problems, and no problem repeats a value that was marked {@link Secret}.
 *
 * <p>A setting's path is its component names in kebab case joined by dots ({@code sallyport.http.port}); its name in
 * the environment is the same in upper case with underscores ({@code SALLYPORT_HTTP_PORT}). The environment wins.
 */
final class ConfigReader {

    /** One leaf of the tree, for the documentation table. */
    record Leaf(String environmentName, Setting setting) {}

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> knownPaths = new TreeSet<>();
    private final Set<String> knownNames = new TreeSet<>();
    private final List<String> openPaths = new ArrayList<>();

    /**
     * @param file settings of the file by path, such as {@code sallyport.http.port}
     * @param environment the variables that begin with {@code SALLYPORT_}
     */
    ConfigReader(Map<String, String> file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** Reads the tree; nothing if {@link #problems()} has entries then. */
    <T extends Record> Optional<T> read(String root, Class<T> type) {
        Optional<T> tree = readRecord(root, type);
        reportUnknown();
        return problems.isEmpty() ? tree : Optional.empty();
    }

    List<String> problems() {
        return problems;
    }

    static List<Leaf> leaves(String path, Class<? extends Record> type) {
        List<Leaf> leaves = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String child = path + '.' + kebab(component.getName());
            Setting setting = component.getAnnotation(Setting.class);
            if (setting == null) {
                leaves.addAll(leaves(child, component.getType().asSubclass(Record.class)));
            } else {
                leaves.add(new Leaf(environmentName(child), setting));
            }
        }
        return leaves;
    }

    /** The components of a node by path, in order. */
    static Map<String, Object> values(String path, Record node) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            try {
                values.put(
                        path + '.' + kebab(component.getName()),
                        component.getAccessor().invoke(node));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("can't read " + component, e);
            }
        }
        return values;
    }

    private <T extends Record> Optional<T> readRecord(String path, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String child = path + '.' + kebab(components[i].getName());
            Setting setting = components[i].getAnnotation(Setting.class);
            values[i] = setting == null
                    ? readRecord(child, components[i].getType().asSubclass(Record.class))
                            .orElse(null)
                    : readLeaf(child, setting, components[i].getGenericType());
        }
        if (Arrays.asList(values).contains(null)) {
            return Optional.empty();
        }
        try {
            Class<?>[] parameters =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return Optional.of(type.getDeclaredConstructor(parameters).newInstance(values));
        } catch (InvocationTargetException e) {
            problems.add(path + ": " + e.getTargetException().getMessage());
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't build " + type, e);
        }
    }

    private @Nullable Object readLeaf(String path, Setting setting, Type type) {
        knownPaths.add(path);
        String name = environmentName(path);
        knownNames.add(name);
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            openPaths.add(path + '.');
            return readMap(path + '.', name + '_');
        }
        boolean fromEnvironment = environment.containsKey(name);
        String text = Optional.ofNullable(fromEnvironment ? environment.get(name) : file.get(path))
                .orElse(setting.or())
                .strip();
        try {
            return parse(text, type);
        } catch (IllegalArgumentException e) {
            String shown = type == Secret.class ? "the value" : '"' + text + '"';
            problems.add((fromEnvironment ? name : path) + ": " + shown + " is not " + e.getMessage() + '.');
            return null;
        }
    }

    private Map<String, String> readMap(String pathPrefix, String namePrefix) {
        Map<String, String> map = new TreeMap<>();
        file.forEach((path, value) -> {
            if (path.startsWith(pathPrefix)) {
                map.put(path.substring(pathPrefix.length()), value);
            }
        });
        environment.forEach((name, value) -> {
            if (name.startsWith(namePrefix)) {
                String key = name.substring(namePrefix.length());
                map.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value);
                knownNames.add(name);
            }
        });
        return map;
    }

    private static Object parse(String text, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return text.isEmpty() ? Optional.empty() : Optional.of(parse(text, element));
            }
            Set<Object> elements = new LinkedHashSet<>();
            for (String part : text.split(",", -1)) {
                if (!part.isBlank()) {
                    elements.add(parse(part.strip(), element));
                }
            }
            return generic.getRawType() == Set.class ? elements : List.copyOf(elements);
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException("no parser for " + type);
        }
        if (plain.isEnum()) {
            return parseEnum(text, plain);
        }
        return switch (plain.getSimpleName()) {
            case "String" -> text;
            case "Secret" -> new Secret(text);
            case "int" -> parseInt(text);
            case "Duration" -> parseDuration(text);
            case "Path" -> parsePath(text);
            case "URI" -> parseUri(text);
            default -> throw new IllegalStateException("no parser for " + type);
        };
    }

    /** A value as {@link #parse} reads it; a secret as {@code •••}. */
    static String written(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(ConfigReader::written).orElse("");
            case Collection<?> several ->
                several.stream().map(ConfigReader::written).collect(Collectors.joining(","));
            case Enum<?> constant -> written(constant);
            case Duration duration -> written(duration);
            default -> value.toString();
        };
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String written(Duration duration) {
        if (duration.toMillisPart() > 0) {
            return duration.toMillis() + "ms";
        }
        if (duration.toSecondsPart() > 0) {
            return duration.toSeconds() + "s";
        }
        return duration.toMinutesPart() > 0 || duration.isZero()
                ? duration.toMinutes() + "m"
                : duration.toHours() + "h";
    }

    private static Object parseEnum(String text, Class<?> type) {
        List<String> names = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            String name = written((Enum<?>) constant);
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        throw new IllegalArgumentException("one of " + String.join(", ", names));
    }

    private static int parseInt(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("a whole number");
        }
        return Integer.parseInt(text);
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration such as 500ms, 30s, 5m, 12h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Path parsePath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("a path", e);
        }
    }

    private static URI parseUri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("an address such as https://login.example.com", e);
        }
    }

    private void reportUnknown() {
        for (String path : file.keySet()) {
            if (!knownPaths.contains(path) && openPaths.stream().noneMatch(path::startsWith)) {
                problems.add(path + " is not a setting" + suggestion(path, knownPaths));
            }
        }
        for (String name : environment.keySet()) {
            if (!knownNames.contains(name)) {
                problems.add(name + " is not a setting" + suggestion(name, knownNames));
            }
        }
    }

    private static String suggestion(String wrong, Set<String> known) {
        return known.stream()
                .filter(name -> distance(wrong, name) <= 3)
                .min((a, b) -> distance(wrong, a) - distance(wrong, b))
                .map(name -> "; did you mean " + name + "?")
                .orElse("; see the configuration table in the README.");
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String environmentName(String path) {
        return path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
