package dev.sallyport.web;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a browser says that it is, in the words that its owner would use. A few words, not a list of all that there are:
 * they help a person to tell own places from strange ones, and prove nothing, since a browser says what it likes.
 */
public final class DeviceWords {

    private static final String UNKNOWN = "Unknown browser";

    /** What is looked for, in this order: most call themselves by the names of others as well. */
    private static final Map<String, String> BROWSERS = new LinkedHashMap<>();

    private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();

    static {
        BROWSERS.put("Edg", "Edge");
        BROWSERS.put("OPR/", "Opera");
        BROWSERS.put("Vivaldi", "Vivaldi");
        BROWSERS.put("SamsungBrowser", "Samsung Internet");
        BROWSERS.put("FxiOS", "Firefox");
        BROWSERS.put("Firefox", "Firefox");
        BROWSERS.put("CriOS", "Chrome");
        BROWSERS.put("Chrome", "Chrome");
        BROWSERS.put("Safari", "Safari");
        SYSTEMS.put("iPhone", "iPhone");
        SYSTEMS.put("iPad", "iPad");
        SYSTEMS.put("Android", "Android");
        SYSTEMS.put("CrOS", "ChromeOS");
        SYSTEMS.put("Windows", "Windows");
        SYSTEMS.put("Macintosh", "a Mac");
        SYSTEMS.put("Linux", "Linux");
    }

    private DeviceWords() {}

    /** Such as {@code Firefox on Windows}; never anything of the browser's own text. */
    public static String of(String userAgent) {
        String browser = first(BROWSERS, userAgent);
        String system = first(SYSTEMS, userAgent);
        if (system.isEmpty()) {
            return browser.isEmpty() ? UNKNOWN : browser;
        }
        return (browser.isEmpty() ? UNKNOWN : browser) + " on " + system;
    }

    private static String first(Map<String, String> words, String text) {
        return words.entrySet().stream()
                .filter(word -> text.contains(word.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }
}
