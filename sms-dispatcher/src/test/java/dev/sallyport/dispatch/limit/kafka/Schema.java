package dev.sallyport.dispatch.limit.kafka;

import dev.sallyport.dispatch.Events;
import dev.sallyport.event.EventRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A schema of {@code docs/events}. */
final class Schema {

    private final Validator validator;

    Schema(String file) throws IOException {
        JsonObject schema = new JsonObject(Files.readString(Path.of("..", "docs", "events", file)));
        validator = Validator.create(
                JsonSchema.of(schema),
                new JsonSchemaOptions()
                        .setBaseUri("urn:sallyport:events")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
    }

    boolean allows(EventRecord event) {
        return allows(body(event));
    }

    boolean allows(JsonObject body) {
        return validator.validate(body).getValid();
    }

    static JsonObject body(EventRecord event) {
        return new JsonObject(Buffer.buffer(event.body()));
    }

    /** The event with another value. */
    static EventRecord with(EventRecord event, JsonObject body) {
        return Events.with(event, body.encode());
    }
}
