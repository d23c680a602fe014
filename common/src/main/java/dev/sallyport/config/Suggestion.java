package dev.sallyport.config;

import java.util.Arrays;
import java.util.Set;

/** What somebody may have meant by a name that is not known. */
final class Suggestion {

    private Suggestion() {}

    /** The end of the sentence about a wrong name. */
    static String of(String wrong, Set<String> known) {
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
}
