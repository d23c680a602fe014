package dev.sallyport.enrollment;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * QR codes as PNG pictures, black on white with one bit for a pixel. Written here rather than with the JDK's
 * {@code ImageIO}, which brings all of AWT into the process.
 */
public final class QrPicture {

    /** A module is eight pixels wide, so a row of modules is a row of bytes: a bit for a pixel. */
    private static final int MODULE_PIXELS = Byte.SIZE;

    /** Modules of white on every side, without which readers don't find the code (ISO/IEC 18004). */
    private static final int QUIET_ZONE = 4;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte WHITE = (byte) 0xFF;
    private static final byte BLACK = 0;

    private QrPicture() {}

    /**
     * The same text gives the same bytes. Takes about a millisecond of the caller's thread.
     *
     * @param text ASCII, at most 2,331 characters
     * @throws IllegalArgumentException for any other text; the message does not repeat it
     */
    public static byte[] png(String text) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("A QR code takes ASCII here: percent-encode the address.");
        }
        try {
            return png(Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix());
        } catch (WriterException e) {
            throw new IllegalArgumentException("This text can't be a QR code: give 1 to 2,331 characters.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] png(ByteMatrix modules) throws IOException {
        int size = (modules.getWidth() + 2 * QUIET_ZONE) * MODULE_PIXELS;
        var picture = new ByteArrayOutputStream();
        try (var file = new DataOutputStream(picture)) {
            file.write(SIGNATURE);
            chunk(file, "IHDR", header(size));
            chunk(file, "IDAT", compressed(modules));
            chunk(file, "IEND", new byte[0]);
        }
        return picture.toByteArray();
    }

    private static byte[] header(int size) throws IOException {
        var header = new ByteArrayOutputStream();
        var fields = new DataOutputStream(header);
        fields.writeInt(size);
        fields.writeInt(size);
        // One bit deep, grey, and the only methods there are: deflate, five filters, not interlaced.
        fields.write(new byte[] {1, 0, 0, 0, 0});
        return header.toByteArray();
    }

    private static byte[] compressed(ByteMatrix modules) throws IOException {
        int width = modules.getWidth() + 2 * QUIET_ZONE;
        var data = new ByteArrayOutputStream();
        try (var pixels = new DeflaterOutputStream(data)) {
            for (int y = -QUIET_ZONE; y < modules.getHeight() + QUIET_ZONE; y++) {
                // The byte before the pixels names their filter: 0, none.
                byte[] row = new byte[1 + width];
                Arrays.fill(row, 1, row.length, WHITE);
                for (int x = 0; y >= 0 && y < modules.getHeight() && x < modules.getWidth(); x++) {
                    row[1 + QUIET_ZONE + x] = modules.get(x, y) == 1 ? BLACK : WHITE;
                }
                for (int i = 0; i < MODULE_PIXELS; i++) {
                    pixels.write(row);
                }
            }
        }
        return data.toByteArray();
    }

    private static void chunk(DataOutputStream file, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        file.writeInt(data.length);
        file.write(name);
        file.write(data);
        file.writeInt((int) checksum.getValue());
    }
}
