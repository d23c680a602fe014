package dev.sallyport.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private final List<String> strays = new ArrayList<>();
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

    /** Reads the tree; nothing if a setting is not what it must be. Names that are none are {@link #problems()} only. */
    <T extends Record> Optional<T> read(String root, Class<T> type) {
        Optional<T> tree = readRecord(root, type);
        Optional<T> readable = problems.isEmpty() ? tree : Optional.empty();
        reportUnknown();
        return readable;
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
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            Type element = generic.getActualTypeArguments()[1];
            return element instanceof Class<?> family && NamedRecords.areOf(family)
                    ? readNamed(path, family)
                    : readMap(path, element);
        }
        String text = text(path, setting.or());
        try {
            return SettingText.parse(text, type);
        } catch (IllegalArgumentException e) {
            problems.add(problem(source(path), text, type, e));
            return null;
        }
    }

    /** What is set at a path, which is known from then on. */
    private String text(String path, String otherwise) {
        knownPaths.add(path);
        String name = environmentName(path);
        knownNames.add(name);
        return Optional.ofNullable(environment.containsKey(name) ? environment.get(name) : file.get(path))
                .orElse(otherwise)
                .strip();
    }

    private String source(String path) {
        String name = environmentName(path);
        return environment.containsKey(name) ? name : path;
    }

    private static String problem(String source, String text, Type type, IllegalArgumentException e) {
        String shown = type == Secret.class ? "the value" : '"' + text + '"';
        return source + ": " + shown + " is not " + e.getMessage() + '.';
    }

    /** Whatever is below a path; keys of values that are not plain text are in lower case, as in the environment. */
    private Map<String, Object> readMap(String path, Type element) {
        openPaths.add(path + '.');
        Map<String, Object> map = new TreeMap<>();
        file.forEach((source, text) -> {
            if (source.startsWith(path + '.')) {
                String key = source.substring(path.length() + 1);
                put(map, element == String.class ? key : key.toLowerCase(Locale.ROOT), source, text, element);
            }
        });
        environment.forEach((source, text) -> {
            String prefix = environmentName(path) + '_';
            if (source.startsWith(prefix)) {
                String key = source.substring(prefix.length()).toLowerCase(Locale.ROOT);
                put(map, key.replace('_', '.'), source, text, element);
                knownNames.add(source);
            }
        });
        return map;
    }

    private void put(Map<String, Object> map, String key, String source, String text, Type element) {
        try {
            map.put(key, SettingText.parse(text, element));
        } catch (IllegalArgumentException e) {
            problems.add(problem(source, text, element, e));
        }
    }

    /** See {@link NamedRecords}. */
    private Map<String, Object> readNamed(String path, Class<?> family) {
        Map<String, Class<? extends Record>> kinds = NamedRecords.kinds(family);
        String first = NamedRecords.first(family);
        Map<String, Object> named = new TreeMap<>();
        for (String name : NamedRecords.names(path, first, file.keySet(), environment.keySet())) {
            String child = path + '.' + name;
            String type = family.isSealed() ? text(child + '.' + first, "") : "";
            Class<? extends Record> kind = kinds.get(type);
            if (!NamedRecords.isName(name)) {
                problems.add(child + ": a name has lower-case letters, digits and hyphens, a letter first.");
                ignore(child);
            } else if (kind == null) {
                problems.add("%s: \"%s\" is not one of %s."
                        .formatted(source(child + '.' + first), type, String.join(", ", kinds.keySet())));
                ignore(child);
            } else {
                readRecord(child, kind).ifPresent(read -> named.put(name, read));
            }
        }
        collectStrays(path, family, named.keySet());
        return named;
    }

    /** Variables of a name that has not what each must have. In a file that is told where the name is read. */
    private void collectStrays(String path, Class<?> family, Set<String> names) {
        for (String variable : environment.keySet()) {
            NamedRecords.nameIn(variable, path, family)
                    .filter(name -> !names.contains(name) && !knownNames.contains(variable))
                    .ifPresent(name -> {
                        String first = environmentName(path + '.' + name + '.' + NamedRecords.first(family));
                        strays.add(variable + " is set and " + first + " is not; set that too.");
                        knownNames.add(variable);
                    });
        }
    }

    /** So that one wrong word is one problem. */
    private void ignore(String path) {
        knownPaths.add(path);
        openPaths.add(path + '.');
        environment.keySet().stream()
                .filter(name -> name.startsWith(environmentName(path) + '_'))
                .forEach(knownNames::add);
    }

    private void reportUnknown() {
        problems.addAll(strays);
        for (String path : file.keySet()) {
            if (!knownPaths.contains(path) && openPaths.stream().noneMatch(path::startsWith)) {
                problems.add(path + " is not a setting" + Suggestion.of(path, knownPaths));
            }
        }
        for (String name : environment.keySet()) {
            if (!knownNames.contains(name)) {
                problems.add(name + " is not a setting" + Suggestion.of(name, knownNames));
            }
        }
    }

    static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static String environmentName(String path) {
        return path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
