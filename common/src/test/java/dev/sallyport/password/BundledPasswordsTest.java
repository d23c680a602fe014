package dev.sallyport.password;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundledPasswordsTest {

    private final BundledPasswords bundled = new BundledPasswords();

    @Test
    void holdsAtLeastAHundredThousand() {
        assertTrue(bundled.size() >= 100_000, () -> bundled.size() + " passwords");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "iloveyou",
                "zaq12wsx",
                "p@ssw0rd",
                "password123",
                "letmeinletmein",
                "passwordpassword",
                "thisismypassword",
                "correcthorsebatterystaple",
                "iloveyouforever"
            })
    void knowsWhatPeopleChooseAtEveryLength(String password) {
        assertTrue(bundled.contains(Password.typed(password)));
    }

    @Test
    void comparesWithoutCaseAndWidth() {
        assertTrue(bundled.contains(Password.typed("PassWord123")));
        assertTrue(bundled.contains(Password.typed("ｐａｓｓｗｏｒｄ１２３")));
    }

    @Test
    void comparesTheWholePassword() {
        assertFalse(bundled.contains(Password.typed("password123 and a tale of seven walnuts")));
        assertFalse(bundled.contains(Password.typed(" password123")));
    }

    @Test
    void hardlyEverRefusesAPasswordThatIsNotInTheList() {
        long refused = IntStream.range(0, 100_000)
                .filter(i -> bundled.contains(Password.typed("seven lazy walnuts, number " + i)))
                .count();
        assertTrue(refused <= 3, () -> refused + " of 100,000");
    }
}
