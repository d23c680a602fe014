package dev.sallyport.seal.file;

import dev.sallyport.seal.LogId;
import dev.sallyport.seal.LoggedRecord;
import dev.sallyport.seal.LoggedRecord.Header;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export: a record of the audit log as JSON, with all that is sealed of it. Texts stand as texts; bytes that
 * are none as {@code {"base64": "…"}}.
 */
public record ExportLine(LogId log, LoggedRecord record) {

    /**
     * Reads what {@link #toString} gives.
     *
     * @throws IllegalArgumentException if it is not exactly that, since of two spellings of a line one might be read otherwise
     *     by somebody else
     */
    public static ExportLine parse(String line) {
        ExportLine read = read(line);
        if (!read.toString().equals(line)) {
            throw new IllegalArgumentException("another spelling of a line");
        }
        return read;
    }

    private static ExportLine read(String line) {
        try {
            JsonObject json = new JsonObject(line);
            LogId log = new LogId(
                    text(json, "topic"),
                    text(json, "topic_id"),
                    number(json, "partition").intValue());
            List<Header> headers = new ArrayList<>();
            for (Object header : json.getJsonArray("headers", new JsonArray())) {
                JsonArray pair = (JsonArray) header;
                headers.add(new Header(Objects.requireNonNull(pair.getString(0)), bytes(pair.getValue(1))));
            }
            return new ExportLine(
                    log,
                    new LoggedRecord(
                            log.partition(),
                            number(json, "offset").longValue(),
                            number(json, "timestamp").longValue(),
                            bytes(json.getValue("key")),
                            headers,
                            bytes(json.getValue("value"))));
        } catch (DecodeException | ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a line of an export", e);
        }
    }

    private static String text(JsonObject json, String name) {
        if (json.getValue(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("an export's line without " + name);
    }

    private static Number number(JsonObject json, String name) {
        if (json.getValue(name) instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("an export's line without " + name);
    }

    private static byte @Nullable [] bytes(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case JsonObject other -> Base64.getDecoder().decode(text(other, "base64"));
            default -> throw new IllegalArgumentException("neither a text nor bytes");
        };
    }

    private static @Nullable Object json(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new JsonObject().put("base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    @Override
    public String toString() {
        JsonArray headers = new JsonArray();
        record.headers()
                .forEach(
                        header -> headers.add(new JsonArray().add(header.name()).add(json(header.value()))));
        return new JsonObject()
                .put("topic", log.topic())
                .put("topic_id", log.topicId())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("timestamp", record.timestamp())
                .put("key", json(record.key()))
                .put("headers", headers)
                .put("value", json(record.value()))
                .encode();
    }
}
