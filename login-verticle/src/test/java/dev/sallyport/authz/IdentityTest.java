package dev.sallyport.authz;

import static dev.sallyport.FactorType.APP;
import static dev.sallyport.FactorType.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

    @Test
    void itTellsWhoAsksAndWhatWasProven() {
        Identity identity = Identity.of(Somebody.with(PASSWORD, APP), "an assertion");
        assertEquals("ada@example.com", identity.user());
        assertEquals("2", identity.aal());
        assertEquals("pwd,otp,mfa", identity.amr());
        assertEquals(Long.toString(Somebody.NOON.getEpochSecond()), identity.authTime());
        assertEquals("pwd", Identity.of(Somebody.with(PASSWORD), "an assertion").amr());
        assertFalse(identity.toString().contains("an assertion"));
    }

    @ParameterizedTest
    @CsvSource({"адам, %D0%B0%D0%B4%D0%B0%D0%BC", "a b, a%20b", "100%, 100%25", "zoë, zo%C3%AB"})
    void twoNamesAreNeverOneHeader(String name, String header) {
        assertEquals(header, Identity.of(Somebody.named(name, PASSWORD), "").user());
    }
}
