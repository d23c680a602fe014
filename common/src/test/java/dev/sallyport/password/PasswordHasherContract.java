package dev.sallyport.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link PasswordHasher} does. The bcrypt hashes were made by python3-bcrypt 3.2.2 and (2y) by Apache's
 * htpasswd, the Argon2id hashes by argon2-cffi 25.1.0.
 */
public abstract class PasswordHasherContract {

    private static final String OLD_PASSWORD = "a password of the old application";

    protected abstract PasswordHasher hasher();

    @Test
    void theRightPasswordMatchesItsHashAndNothingElseDoes() {
        Password password = Password.typed("seven lazy walnuts");
        String hash = hasher().hash(password);
        assertTrue(verify(password, hash).matches());
        assertFalse(verify(password, hash).outdated());
        assertFalse(verify("seven lazy walnut", hash).matches());
        assertFalse(verify("Seven lazy walnuts", hash).matches());
        assertFalse(verify("seven lazy walnuts ", hash).matches());
        assertFalse(verify("", hash).matches());
    }

    @Test
    void aHashIsAPhcStringWithTheCurrentParameters() {
        String hash = hasher().hash(Password.typed("seven lazy walnuts"));
        assertTrue(hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), hash);
        assertEquals(StoredHash.CURRENT, StoredHash.parse(hash).orElseThrow());
    }

    @Test
    void theSamePasswordGivesAnotherHashEachTime() {
        Password password = Password.typed("seven lazy walnuts");
        assertNotEquals(hasher().hash(password), hasher().hash(password));
    }

    @Test
    void bothWaysToTypeAnAccentMatch() {
        assertTrue(verify("Zu\u0308rich", hasher().hash(Password.typed("Z\u00fcrich")))
                .matches());
    }

    @Test
    void every73rdAndLaterByteCounts() {
        String start = "x".repeat(72);
        String hash = hasher().hash(Password.typed(start + "A"));
        assertTrue(verify(start + "A", hash).matches());
        assertFalse(verify(start + "B", hash).matches());
        assertFalse(verify(start, hash).matches());
        String longest = "🔑".repeat(255);
        assertFalse(verify(longest + "🔒", hasher().hash(Password.typed(longest + "🔑")))
                .matches());
    }

    @Test
    void aZeroByteEndsNothing() {
        assertFalse(verify("seven\0walnuts", hasher().hash(Password.typed("seven\0pianos")))
                .matches());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2b$04$5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQm",
                "$2a$04$7rRqy9tOOu9ChmNj7.ypouui4yDr30Qoxh5rRPWXKTWOnDYkQzllO",
                "$2y$05$8xYT7CllQ9bMkLb.3MBjsO2397gbYLks1MPmq9.gBJUpFsTbMtscm",
                "$2b$12$cI1eLHjgWl9WwwhYiK/ZZeSgpGLzQ/GRwkioev0ojP8zrwFDNa07a"
            })
    void anImportedBcryptHashMatchesAndIsOutdated(String hash) {
        assertTrue(verify(OLD_PASSWORD, hash).matches());
        assertTrue(verify(OLD_PASSWORD, hash).outdated());
        assertFalse(verify(OLD_PASSWORD + "!", hash).matches());
        assertFalse(verify(OLD_PASSWORD + "!", hash).outdated());
    }

    @Test
    void bcryptIsComparedWithTheBytesAsTyped() {
        String hash = "$2b$05$ZavNGapMpk9Fx6og8kyEy.CTNggfS1URRNsDrhzo75dnlWKCN4uEW";
        assertTrue(verify("pa\u0308ssw\u00f6rter \u00fcber alles 🔑", hash).matches());
        assertFalse(verify("p\u00e4ssw\u00f6rter \u00fcber alles 🔑", hash).matches());
    }

    @Test
    void bcryptSees72Bytes() {
        String of72Bytes = "$2b$06$G7tdgSBsf0uZZ5.MYwuaNOUxZEjj/w0Y6FaLbFkIKkwiDf0fEi6V.";
        String of73Bytes = "$2b$06$7kcyfFmy.1xMpiA0lEluK.PMIW79fQAlcXS8HLYMp7r135/ynv0sS";
        String of71Bytes = "$2b$06$qaIUgLiZ3BOONW5vybDv0uFljYJXJylnYQQpyYphEV7kZnF/Y1tHK";
        String start = "x".repeat(71);
        assertTrue(verify(start + "A", of72Bytes).matches());
        assertTrue(verify(start + "AB", of73Bytes).matches());
        assertTrue(verify(start + "AC", of73Bytes).matches());
        assertFalse(verify(start + "BB", of73Bytes).matches());
        assertTrue(verify("x".repeat(70) + "A", of71Bytes).matches());
        String ofTwoByteLetters = "$2b$04$FMp78MHOy9ROaWrGBXcs5evzgSaubbT2jZgXMGzNhIr39NzqX5f.2";
        assertTrue(verify("é".repeat(40), ofTwoByteLetters).matches());
        assertFalse(verify("é".repeat(35), ofTwoByteLetters).matches());
    }

    @Test
    void anotherLibrarysHashWithTheCurrentParametersMatchesAndIsNotOutdated() {
        String hash =
                "$argon2id$v=19$m=19456,t=2,p=1$BjEj2ZUhg/BgBE5CgKNbKw$6RTPZr8mZw0eP8WnhaFCEk3E6x+Wgo0ogBpb+Q5tkow";
        assertTrue(verify("Zürich liegt am See", hash).matches());
        assertFalse(verify("Zürich liegt am See", hash).outdated());
    }

    @Test
    void otherParametersMatchAndAreOutdated() {
        String hash =
                "$argon2id$v=19$m=4096,t=3,p=2$wohbN5ywf3aEXhNpaB4sdg$BxRpIOlqryxFP1E7DD+Lr2eRfOcyfj0amB2J23C/Rpg";
        assertEquals(new StoredHash.Argon2id(4096, 3, 2), StoredHash.parse(hash).orElseThrow());
        assertTrue(verify(OLD_PASSWORD, hash).matches());
        assertTrue(verify(OLD_PASSWORD, hash).outdated());
        assertFalse(verify(OLD_PASSWORD + "!", hash).matches());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a password of the old application", "$2b$04$", "$argon2id$v=19$m=19456,t=2,p=1$$", "\0é"})
    void aHashThatCannotBeReadNeverMatches(String hash) {
        assertFalse(verify(OLD_PASSWORD, hash).matches());
    }

    @Test
    void nobodyHasNoPassword() {
        assertFalse(hasher().verifyNobody(Password.typed("seven lazy walnuts")).matches());
        assertFalse(hasher().verifyNobody(Password.typed("")).matches());
    }

    @Test
    void theTimeOfTheComputationIsTold() {
        Password password = Password.typed("seven lazy walnuts");
        assertTrue(verify(password, hasher().hash(password)).took().compareTo(Duration.ZERO) > 0);
        assertTrue(hasher().verifyNobody(password).took().compareTo(Duration.ZERO) > 0);
    }

    private Verification verify(String typed, String hash) {
        return verify(Password.typed(typed), hash);
    }

    private Verification verify(Password password, String hash) {
        return hasher().verify(password, hash);
    }
}
