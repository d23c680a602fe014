package dev.sallyport.password;

import dev.sallyport.password.PasswordRefusal.CommonOrBreached;
import dev.sallyport.password.PasswordRefusal.MadeOfSiteName;
import dev.sallyport.password.PasswordRefusal.MadeOfUsername;
import dev.sallyport.password.PasswordRefusal.TooLong;
import dev.sallyport.password.PasswordRefusal.TooShort;
import dev.sallyport.password.PasswordRefusal.UntypableCharacter;
import java.util.List;
import java.util.Optional;

/**
 * What may become a password (NIST SP 800-63B-4, section 3.1.1.2): length counts, composition does not; what an
 * attacker would try first is refused, with the reason. Asked when a password is set, never at sign-in.
 */
public final class PasswordRules {

    /** Where a password alone opens the account. */
    public static final int MINIMUM_ALONE = 15;

    /** Where the operator requires a second factor. */
    public static final int MINIMUM_WITH_SECOND_FACTOR = 8;

    public static final int MAXIMUM = 256;

    private final int minimum;
    private final BreachedPasswords breached;
    private final NameWords siteWords;

    /**
     * @param minimum in characters (code points after NFC)
     * @param contextWords what everyone who knows this site would try, such as the brand name
     */
    public PasswordRules(int minimum, List<String> contextWords, BreachedPasswords breached) {
        this.minimum = minimum;
        this.breached = breached;
        this.siteWords = NameWords.of(contextWords);
    }

    /**
     * Blocks as {@link BreachedPasswords#contains} does, and fails as it does.
     *
     * @param username as the person typed it
     * @return the first reason to refuse; empty when the password is fine
     */
    public Optional<PasswordRefusal> check(Password password, String username) {
        int characters = password.characters();
        if (characters < minimum) {
            return Optional.of(new TooShort(minimum));
        }
        if (characters > MAXIMUM) {
            return Optional.of(new TooLong(MAXIMUM));
        }
        if (password.hasUntypableCharacter()) {
            return Optional.of(new UntypableCharacter());
        }
        return guessable(password, NameWords.of(List.of(username)));
    }

    private Optional<PasswordRefusal> guessable(Password password, NameWords userWords) {
        String folded = password.folded();
        if (siteWords.makeUp(folded)) {
            return Optional.of(new MadeOfSiteName());
        }
        if (userWords.and(siteWords).makeUp(folded)) {
            return Optional.of(new MadeOfUsername());
        }
        if (SimplePatterns.match(folded) || breached.contains(password)) {
            return Optional.of(new CommonOrBreached());
        }
        return Optional.empty();
    }
}
