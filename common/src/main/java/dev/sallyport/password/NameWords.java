package dev.sallyport.password;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names that must not make up a password, folded and stripped of punctuation, with their reversals, longest first. */
record NameWords(List<String> words) {

    /** Shorter names occur in too many good passwords by chance. */
    private static final int SHORTEST = 3;

    /** As many other letters as may stand around a name before the password counts as more than that name. */
    private static final int LITTLE_ELSE = 3;

    private static final Pattern BETWEEN_PARTS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparingInt(String::length).reversed();

    /** The names whole, their parts, and of an e-mail address also the local part. */
    static NameWords of(Collection<String> names) {
        return new NameWords(names.stream()
                .flatMap(name -> Stream.concat(Stream.of(name, localPart(name)), BETWEEN_PARTS.splitAsStream(name)))
                .map(name -> significant(Password.fold(name)))
                .filter(word -> word.codePointCount(0, word.length()) >= SHORTEST)
                .flatMap(word ->
                        Stream.of(word, new StringBuilder(word).reverse().toString()))
                .distinct()
                .sorted(LONGEST_FIRST)
                .toList());
    }

    NameWords and(NameWords others) {
        return new NameWords(Stream.concat(words.stream(), others.words.stream())
                .sorted(LONGEST_FIRST)
                .toList());
    }

    /** Whether these names are in it, and little else once digits, spaces and punctuation are taken away. */
    boolean makeUp(String folded) {
        String whole = significant(folded);
        String rest = whole;
        for (String word : words) {
            // A space keeps what stood on both sides from becoming a word by accident.
            rest = rest.replace(word, " ");
        }
        return !rest.equals(whole) && letters(rest) <= LITTLE_ELSE;
    }

    private static long letters(String text) {
        return text.codePoints()
                .filter(character -> character != ' ' && !Character.isDigit(character))
                .count();
    }

    /** Letters, digits and pictures; an emoji is as hard to guess as a letter. */
    private static String significant(String text) {
        return text.codePoints()
                .filter(character ->
                        Character.isLetterOrDigit(character) || Character.getType(character) == Character.OTHER_SYMBOL)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String localPart(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }
}
