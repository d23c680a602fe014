package dev.sallyport.password;

import java.util.List;

/** Passwords that no list needs to hold because a rule generates them: one short piece repeated, or a run of keys. */
final class SimplePatterns {

    private static final int LONGEST_PIECE = 4;

    /** Each is long enough to hold the longest password, wherever in the row it starts. */
    private static final List<String> ROWS = List.of(
                    "1234567890",
                    "abcdefghijklmnopqrstuvwxyz",
                    "qwertyuiop",
                    "asdfghjkl",
                    "qwertyuiopasdfghjklzxcvbnm",
                    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")
            .stream()
            .map(row -> row.repeat(PasswordRules.MAXIMUM / row.length() + 2))
            .toList();

    private SimplePatterns() {}

    static boolean match(String folded) {
        String reversed = new StringBuilder(folded).reverse().toString();
        return repeats(folded.codePoints().toArray())
                || ROWS.stream().anyMatch(row -> row.contains(folded) || row.contains(reversed));
    }

    private static boolean repeats(int[] characters) {
        for (int piece = 1; piece <= LONGEST_PIECE; piece++) {
            if (repeats(characters, piece)) {
                return true;
            }
        }
        return false;
    }

    private static boolean repeats(int[] characters, int piece) {
        for (int i = piece; i < characters.length; i++) {
            if (characters[i] != characters[i - piece]) {
                return false;
            }
        }
        return true;
    }
}
