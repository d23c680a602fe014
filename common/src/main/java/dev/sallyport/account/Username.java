package dev.sallyport.account;

import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.UnicodeSet;
import com.ibm.icu.text.UnicodeSet.SpanCondition;
import java.util.Optional;

/**
 * The name that a person signs in with: a chosen name or an e-mail address, {@value #MINIMUM} to {@value #MAXIMUM}
 * characters (code points) both as shown and as folded.
 *
 * <p>Two names are the same when their folded forms are ({@code NFKC_Casefold} of the Unicode Standard,
 * section 3.13), so {@code Ａlice} signs in as {@code alice} and nobody signs up as her twin.
 * Folding is stable over Unicode versions, because names hold assigned characters only. Letters of different alphabets
 * that look alike stay different.
 *
 * @param shown as the person typed it, without the spaces around it
 * @param folded what is stored as unique and looked up
 */
public record Username(String shown, String folded) {

    public static final int MINIMUM = 3;
    public static final int MAXIMUM = 254;

    private static final Normalizer2 FOLDING = Normalizer2.getNFKCCasefoldInstance();

    private static final UnicodeSet WHITE_SPACE = new UnicodeSet("[:White_Space:]").freeze();

    /**
     * Control, unassigned, private-use, half of a surrogate pair; invisible, such as the marks that reverse the reading
     * direction; the mark left by a decoder for bytes that it could not read, and the Braille pattern without a dot.
     */
    private static final UnicodeSet UNSUITABLE =
            new UnicodeSet("[[:C:][:Default_Ignorable_Code_Point:]\\uFFFD\\u2800]").freeze();

    /** @throws IllegalArgumentException when the two forms don't belong together */
    public Username {
        if (!FOLDING.normalize(shown).equals(folded)) {
            throw new IllegalArgumentException("The folded form of a user name is not that of the shown one;"
                    + " whoever changed one of them in the store must change both.");
        }
    }

    /** What someone asks for at sign-up. Never throws, whatever was typed. */
    public static UsernameOutcome parse(String typed) {
        String shown = trimmed(typed);
        Optional<UsernameProblem> problem = problem(shown);
        if (problem.isPresent()) {
            return new UsernameOutcome.Refused(problem.get());
        }
        String folded = FOLDING.normalize(shown);
        return problem(folded)
                .<UsernameOutcome>map(UsernameOutcome.Refused::new)
                .orElseGet(() -> new UsernameOutcome.Accepted(new Username(shown, folded)));
    }

    /**
     * The folded form to look up for what someone typed at sign-in. Never throws, whatever was typed. More lenient than
     * {@link #parse}: invisible characters, which come along with copying and pasting, fold to nothing.
     *
     * @return empty when no account can have this name. What is returned may still be a password in the wrong box, so
     *     it is for looking up and never for a log.
     */
    public static Optional<String> lookup(String typed) {
        String shown = trimmed(typed);
        if (characters(shown) > MAXIMUM) {
            return Optional.empty();
        }
        String folded = trimmed(FOLDING.normalize(shown));
        return problem(folded).isPresent() ? Optional.empty() : Optional.of(folded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Username name && folded.equals(name.folded);
    }

    @Override
    public int hashCode() {
        return folded.hashCode();
    }

    /** Without the name: it is personal data, and at sign-in it may be a password typed into the wrong box. */
    @Override
    public String toString() {
        return "Username[•••]";
    }

    private static Optional<UsernameProblem> problem(String name) {
        int characters = characters(name);
        if (characters > MAXIMUM) {
            return Optional.of(UsernameProblem.TOO_LONG);
        }
        if (characters < MINIMUM) {
            return Optional.of(UsernameProblem.TOO_SHORT);
        }
        if (UNSUITABLE.containsSome(name)) {
            return Optional.of(UsernameProblem.UNSUITABLE_CHARACTER);
        }
        return WHITE_SPACE.containsSome(name) ? Optional.of(UsernameProblem.SPACE_INSIDE) : Optional.empty();
    }

    /** {@link String#strip} leaves the no-break spaces. */
    private static String trimmed(String text) {
        int start = WHITE_SPACE.span(text, SpanCondition.SIMPLE);
        return start == text.length() ? "" : text.substring(start, WHITE_SPACE.spanBack(text, SpanCondition.SIMPLE));
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
