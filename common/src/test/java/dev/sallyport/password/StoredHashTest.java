package dev.sallyport.password;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredHashTest {

    private static final String SALT_AND_HASH = "$c29tZSByYW5kb20gc2FsdA$" + "A".repeat(43);
    private static final String BCRYPT = "5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQm";

    @Test
    void readsSchemesAndParameters() {
        assertEquals(
                Optional.of(StoredHash.CURRENT), StoredHash.parse("$argon2id$v=19$m=19456,t=2,p=1" + SALT_AND_HASH));
        assertEquals(
                Optional.of(new StoredHash.Argon2id(65_536, 3, 4)),
                StoredHash.parse("$argon2id$v=19$m=65536,t=3,p=4" + SALT_AND_HASH));
        for (String version : new String[] {"2a", "2b", "2y"}) {
            assertEquals(Optional.of(new StoredHash.Bcrypt(12)), StoredHash.parse("$" + version + "$12$" + BCRYPT));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
                "$2x$04$5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQm",
                "$2b$03$5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQm",
                "$2b$17$5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQm",
                "$2b$04$5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQ",
                "$2b$04$5VTO.04GmE2RlLX1VSKHe.8D6Bwq3HSFx/3r/a3lN/k7RyZAiUyQm\n",
                "$argon2i$v=19$m=19456,t=2,p=1$c29tZSByYW5kb20gc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=16$m=19456,t=2,p=1$c29tZSByYW5kb20gc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZSByYW5kb20gc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=999,p=1$c29tZSByYW5kb20gc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=0,p=1$c29tZSByYW5kb20gc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=8,t=2,p=2$c29tZSByYW5kb20gc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZSByYW5kb20gc2FsdA$"
            })
    void readsNothingElse(String text) {
        assertEquals(Optional.empty(), StoredHash.parse(text));
    }
}
