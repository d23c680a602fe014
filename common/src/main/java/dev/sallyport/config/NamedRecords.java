package dev.sallyport.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records that an operator gives names to, below one path: {@code providers.main.type} says of which kind {@code main} is,
 * {@code providers.main.from} is a setting of that kind. The kinds are the records of a sealed family; where there is one
 * kind only, the record itself stands for the family, and what each must have is its first setting.
 */
final class NamedRecords {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private NamedRecords() {}

    /** True for a family, and not for a record that is written as one word. */
    static boolean areOf(Class<?> family) {
        return family.isSealed()
                || (family.isRecord() && family.getRecordComponents()[0].isAnnotationPresent(Setting.class));
    }

    /** The setting without which there is nothing of this name. */
    static String first(Class<?> family) {
        return family.isSealed() ? "type" : ConfigReader.kebab(family.getRecordComponents()[0].getName());
    }

    /** The kinds of a family by their words; of one kind by no word. */
    static Map<String, Class<? extends Record>> kinds(Class<?> family) {
        if (!family.isSealed()) {
            return Map.of("", family.asSubclass(Record.class));
        }
        Map<String, Class<? extends Record>> kinds = new TreeMap<>();
        for (Class<?> kind : family.getPermittedSubclasses()) {
            kinds.put(kind(kind), kind.asSubclass(Record.class));
        }
        return kinds;
    }

    /** The word for a kind. */
    static String kind(Class<?> record) {
        return ConfigReader.kebab(record.getSimpleName()).substring(1);
    }

    /** The name for which a variable sets something that any kind of the family has. */
    static Optional<String> nameIn(String variable, String path, Class<?> family) {
        String prefix = ConfigReader.environmentName(path) + '_';
        return kinds(family).values().stream()
                .flatMap(kind -> Arrays.stream(kind.getRecordComponents()))
                .map(component -> '_' + ConfigReader.environmentName(ConfigReader.kebab(component.getName())))
                .filter(ending -> variable.startsWith(prefix)
                        && variable.endsWith(ending)
                        && variable.length() > prefix.length() + ending.length())
                .max(Comparator.comparingInt(String::length))
                .map(ending -> variable.substring(prefix.length(), variable.length() - ending.length()))
                .map(NamedRecords::name);
    }

    private static String name(String inVariable) {
        return inVariable.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The names for which a file has any setting, or the environment has the first one. */
    static Set<String> names(String path, String first, Set<String> filePaths, Set<String> variables) {
        Set<String> names = new TreeSet<>();
        for (String set : filePaths) {
            if (set.startsWith(path + '.')) {
                names.add(set.substring(path.length() + 1).split("\\.", 2)[0]);
            }
        }
        Pattern named =
                Pattern.compile(ConfigReader.environmentName(path) + "_(\\w+)_" + ConfigReader.environmentName(first));
        for (String variable : variables) {
            Matcher matcher = named.matcher(variable);
            if (matcher.matches()) {
                names.add(name(matcher.group(1)));
            }
        }
        return names;
    }
}
