package dev.sallyport.enrollment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.Result;
import com.google.zxing.ResultMetadataType;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.sallyport.totp.TotpSecret;
import dev.sallyport.totp.TotpUri;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QrPictureTest {

    private static final int MODULE = 8;
    private static final int QUIET = 4 * MODULE;

    private static final String TEXT = TotpUri.of(
                    "Acme Co",
                    "alice@example.com",
                    TotpSecret.of("12345678901234567890".getBytes(StandardCharsets.US_ASCII)))
            .text();

    static List<String> texts() {
        String rockets = "\uD83D\uDE80".repeat(254);
        var random = new SecureRandom();
        return List.of(
                TEXT,
                "A",
                "1234567890",
                TotpUri.of("Bäckerei", "zoë@exämple.com", TotpSecret.random(random))
                        .text(),
                TotpUri.of(rockets, rockets, TotpSecret.of(new byte[TotpSecret.LONGEST]))
                        .text());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aReaderReadsBackTheText(String text) throws IOException, ReaderException {
        assertEquals(text, read(QrPicture.png(text)).getText());
    }

    @Test
    void everySecretCanBeRead() throws IOException, ReaderException {
        var random = new SecureRandom();
        for (int round = 0; round < 100; round++) {
            var text =
                    TotpUri.of("Sallyport", "alice", TotpSecret.random(random)).text();
            assertEquals(text, read(QrPicture.png(text)).getText());
        }
    }

    @Test
    void theErrorCorrectionIsOfLevelM() throws IOException, ReaderException {
        assertEquals("M", read(QrPicture.png(TEXT)).getResultMetadata().get(ResultMetadataType.ERROR_CORRECTION_LEVEL));
    }

    @Test
    void theSameTextGivesTheSameBytesAndAnotherTextOthers() {
        assertArrayEquals(QrPicture.png(TEXT), QrPicture.png(TEXT));
        assertFalse(Arrays.equals(QrPicture.png(TEXT), QrPicture.png(TEXT + "0")));
    }

    @Test
    void theCodeHasItsQuietZoneAndModulesOfEightPixels() throws IOException {
        BufferedImage image = image(QrPicture.png(TEXT));
        int size = image.getWidth();
        assertEquals(size, image.getHeight());
        assertEquals(49 * MODULE + 2 * QUIET, size, "version 8");
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < QUIET; j++) {
                assertTrue(white(image, i, j) && white(image, j, i));
                assertTrue(white(image, i, size - 1 - j) && white(image, size - 1 - j, i));
            }
        }
        // The finder in the corner: seven modules of black, then one of white.
        assertEquals(
                7 * MODULE,
                IntStream.range(0, 8 * MODULE)
                        .filter(x -> !white(image, QUIET + x, QUIET))
                        .count());
    }

    @Test
    void theFileIsAPngOfOneGreyBitAPixel() {
        ByteBuffer file = ByteBuffer.wrap(QrPicture.png(TEXT));
        assertEquals(0x89504E470D0A1A0AL, file.getLong());
        var types = new ArrayList<String>();
        while (file.hasRemaining()) {
            var data = new byte[file.getInt()];
            var type = new byte[4];
            file.get(type).get(data);
            var checksum = new CRC32();
            checksum.update(type);
            checksum.update(data);
            assertEquals((int) checksum.getValue(), file.getInt());
            types.add(new String(type, StandardCharsets.US_ASCII));
            if (types.size() == 1) {
                assertArrayEquals(new byte[] {1, 0, 0, 0, 0}, Arrays.copyOfRange(data, 8, 13));
            }
        }
        assertEquals(List.of("IHDR", "IDAT", "IEND"), types);
    }

    @Test
    void thePictureIsSmall() {
        assertTrue(QrPicture.png(TEXT).length < 1500, () -> QrPicture.png(TEXT).length + " bytes");
    }

    @Test
    void theLongestTextFits() {
        assertTrue(QrPicture.png("a".repeat(2331)).length > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sécret", "secret\uD83D\uDE80", "secret\uD800"})
    void onlyAsciiIsTakenSinceReadersDisagreeOnTheRest(String text) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> QrPicture.png(text));
        assertFalse(thrown.getMessage().contains("cret"));
    }

    @Test
    void aTextThatDoesNotFitIsRefused() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> QrPicture.png("a".repeat(2332)));
        assertTrue(thrown.getMessage().contains("2,331"));
    }

    private static Result read(byte[] png) throws IOException, ReaderException {
        BufferedImage image = image(png);
        int width = image.getWidth();
        int height = image.getHeight();
        var source = new RGBLuminanceSource(width, height, image.getRGB(0, 0, width, height, null, 0, width));
        // Told that this is no photograph; the reader's search for a code in one misses some perfect pictures.
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(source)), Map.of(DecodeHintType.PURE_BARCODE, true));
    }

    private static BufferedImage image(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    private static boolean white(BufferedImage image, int x, int y) {
        return (image.getRGB(x, y) & 0xFFFFFF) == 0xFFFFFF;
    }
}
