package dev.sallyport.phone;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {

    @ParameterizedTest
    @CsvSource({
        "+14155552612, +1 ••• ••• ••12",
        "+447400123456, +44 ••• ••• ••56",
        "+79161234567, +7 ••• ••• ••67",
        "+353851234567, +353 ••• ••• ••67",
        "+2908123, +290 ••• ••• ••23"
    })
    void onlyTheCallingCodeAndTheLastTwoDigitsAreShown(String e164, String masked) {
        assertEquals(masked, new PhoneNumber(e164).masked());
    }

    @Test
    void everyCallingCodeInUseIsKnown() {
        var library = PhoneNumberUtil.getInstance();
        var codes = new TreeSet<>(library.getSupportedCallingCodes());
        codes.addAll(library.getSupportedGlobalNetworkCallingCodes());
        assertAll(codes.stream()
                .map(code -> () -> assertEquals(
                        "+" + code + " ••• ••• ••89", new PhoneNumber("+" + code + "234567" + "89").masked())));
    }

    @Test
    void theNumberIsNotPrinted() {
        var number = new PhoneNumber("+14155552612");
        assertFalse((number + " " + new PhoneOutcome.Accepted(number, "US")).contains("55526"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "14155552612",
                "+0415555261",
                "+1 4155552612",
                "+14155552612\n",
                "+1415555261234567",
                "+123456",
                "+\u0661\u0664155552612"
            })
    void nothingButE164IsAPhoneNumberAndTheMessageDoesNotRepeatIt(String text) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> new PhoneNumber(text));
        assertFalse(thrown.getMessage().contains("5261"));
    }
}
