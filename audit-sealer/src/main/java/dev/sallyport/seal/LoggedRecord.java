package dev.sallyport.seal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in the audit log.
 *
 * @param timestamp as Kafka keeps it, in milliseconds since 1970
 * @param key null where there is none
 * @param headers in their order
 * @param value null where there is none
 */
public record LoggedRecord(
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        List<Header> headers,
        byte @Nullable [] value) {

    /**
     * A header of Kafka's.
     *
     * @param value null where there is none
     */
    public record Header(String name, byte @Nullable [] value) {}

    private static final int NUMBERS_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int NONE = -1;

    public LoggedRecord {
        headers = List.copyOf(headers);
    }

    /**
     * What is sealed of it: offset and timestamp (8 bytes each), key, the number of headers (4 bytes), for each its name
     * and value, and the value. Numbers are big-endian; bytes and texts (UTF-8) come after their length in 4 bytes, which
     * is -1 where there are none.
     */
    public byte[] leaf() {
        List<byte[]> names = new ArrayList<>(headers.size());
        int size = NUMBERS_BYTES + size(key) + size(value);
        for (Header header : headers) {
            byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
            names.add(name);
            size += size(name) + size(header.value());
        }
        ByteBuffer leaf = ByteBuffer.allocate(size).putLong(offset).putLong(timestamp);
        put(leaf, key);
        leaf.putInt(headers.size());
        for (int i = 0; i < names.size(); i++) {
            put(leaf, names.get(i));
            put(leaf, headers.get(i).value());
        }
        put(leaf, value);
        return leaf.array();
    }

    public Hash leafHash() {
        return MerkleTree.leaf(leaf());
    }

    /**
     * Reads what {@link #leaf} gives.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static LoggedRecord ofLeaf(int partition, byte[] leaf) {
        try {
            ByteBuffer in = ByteBuffer.wrap(leaf);
            long offset = in.getLong();
            long timestamp = in.getLong();
            byte[] key = take(in);
            int count = in.getInt();
            List<Header> headers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] name = take(in);
                if (name == null) {
                    throw new IllegalArgumentException("a header without a name");
                }
                headers.add(new Header(new String(name, StandardCharsets.UTF_8), take(in)));
            }
            byte[] value = take(in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("more than a record");
            }
            return new LoggedRecord(partition, offset, timestamp, key, headers, value);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("less than a record", e);
        }
    }

    private static int size(byte @Nullable [] bytes) {
        return Integer.BYTES + (bytes == null ? 0 : bytes.length);
    }

    private static void put(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(NONE);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }

    private static byte @Nullable [] take(ByteBuffer in) {
        int length = in.getInt();
        if (length == NONE) {
            return null;
        }
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a length that can't be");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
