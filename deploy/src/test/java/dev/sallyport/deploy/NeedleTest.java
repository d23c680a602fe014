package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NeedleTest {

    private static final Needle CODE = Needle.text("code", "314159");

    @Test
    void everyFormIsFoundWhereverItBegins() {
        for (String before : List.of("", "x", "xy", "xyz ")) {
            byte[] data = (before + " 314159 and so on").getBytes(StandardCharsets.UTF_8);
            assertFound(data);
            assertFound(Base64.getEncoder().encode(data));
            assertFound(Base64.getUrlEncoder().encode(data));
            assertFound(ascii(HexFormat.of().formatHex(data)));
            assertFound(ascii(HexFormat.of().withUpperCase().formatHex(data)));
            for (Charset charset : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
                assertFound((before + "314159").getBytes(charset));
            }
        }
    }

    @Test
    void rawBytesAreFoundInBase64AndHexToo() {
        byte[] seed = HexFormat.of().parseHex("00ff10e0a5c3fb7e");
        Needle needle = Needle.bytes("seed", seed);
        assertTrue(needle.in(seed).isPresent());
        assertTrue(needle.in(Base64.getEncoder().encode(seed)).isPresent());
        assertTrue(needle.in(ascii("seed=" + HexFormat.of().formatHex(seed))).isPresent());
    }

    @Test
    void aCodeWithinALongerNumberOrWordIsChance() {
        for (String chance : List.of("1314159", "3141590", "a314159", "314159z", "31415", "314 159")) {
            assertEquals(Optional.empty(), CODE.in(ascii(chance)));
        }
        assertFound(ascii("1314159 314159"));
    }

    private static void assertFound(byte[] data) {
        assertTrue(CODE.in(data).isPresent(), new String(data, StandardCharsets.ISO_8859_1));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
