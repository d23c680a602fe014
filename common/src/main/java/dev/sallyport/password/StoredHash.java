package dev.sallyport.password;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scheme and parameters of a stored password hash; never the hash. Says whether {@link PasswordHasher#verify} can
 * work with it, which an import wants to know before it stores one.
 */
public sealed interface StoredHash {

    /** What new hashes are made with (OWASP's first choice for Argon2id). */
    Argon2id CURRENT = new Argon2id(19_456, 2, 1);

    record Argon2id(int memoryKib, int passes, int lanes) implements StoredHash {}

    /** {@code $2a$}, {@code $2b$} or {@code $2y$}: for passwords in UTF-8 the three mean the same. */
    record Bcrypt(int cost) implements StoredHash {}

    /**
     * Reads the scheme and parameters.
     *
     * @return empty for everything that is not a whole PHC string of Argon2id (version 19, at most 256 MiB, 16 passes,
     *     16 lanes) or a whole bcrypt string (cost 4 to 16). The limits keep one stored line from eating the machine.
     */
    static Optional<StoredHash> parse(String text) {
        Matcher argon2id = Shapes.ARGON2ID.matcher(text);
        if (argon2id.matches()) {
            var found = new Argon2id(number(argon2id, 1), number(argon2id, 2), number(argon2id, 3));
            boolean bearable = found.memoryKib <= 262_144
                    && found.passes <= 16
                    && found.lanes <= 16
                    && found.passes >= 1
                    && found.lanes >= 1
                    && found.memoryKib >= 8 * found.lanes;
            return bearable ? Optional.of(found) : Optional.empty();
        }
        Matcher bcrypt = Shapes.BCRYPT.matcher(text);
        return bcrypt.matches() ? Optional.of(new Bcrypt(number(bcrypt, 1))) : Optional.empty();
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    final class Shapes {
        private static final Pattern ARGON2ID = Pattern.compile(
                "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})\\$[A-Za-z0-9+/]{11,64}\\$[A-Za-z0-9+/]{16,86}");
        private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

        private Shapes() {}
    }
}
