package dev.sallyport.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records that an operator gives names to, below one path: {@code providers.main.type} says of which kind {@code main} is,
 * {@code providers.main.from} is a setting of that kind. The kinds are the records of a sealed family.
 */
final class NamedRecords {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private NamedRecords() {}

    /** The kinds of a family by their words. */
    static Map<String, Class<? extends Record>> kinds(Class<?> family) {
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

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The names for which a file has any setting, or the environment has a type. */
    static Set<String> names(String path, Set<String> filePaths, Set<String> variables) {
        Set<String> names = new TreeSet<>();
        for (String set : filePaths) {
            if (set.startsWith(path + '.')) {
                names.add(set.substring(path.length() + 1).split("\\.", 2)[0]);
            }
        }
        Pattern typed = Pattern.compile(ConfigReader.environmentName(path) + "_(\\w+)_TYPE");
        for (String variable : variables) {
            Matcher matcher = typed.matcher(variable);
            if (matcher.matches()) {
                names.add(matcher.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }
        return names;
    }
}
