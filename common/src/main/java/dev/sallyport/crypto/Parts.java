package dev.sallyport.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Joins values into bytes that no other list of values gives: each is preceded by its length, and the first names the
 * use. Without this, ("ab", "c") and ("a", "bc") would have one MAC, and a proof made for one use would serve another.
 */
final class Parts {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    private Parts() {}

    /** @param use unique among all uses of one key; its number counts changes of the list that follows */
    static Parts of(String use) {
        return new Parts().and(use);
    }

    Parts and(String text) {
        return and(text.getBytes(StandardCharsets.UTF_8));
    }

    Parts and(long number) {
        return and(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    Parts and(byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
