package dev.sallyport.dispatch.twilio.fake;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Twilio's API description ({@code /twilio/messages-openapi.json}), made strict: unknown parameters are wrong, and so is what
 * its prose forbids.
 */
final class TwilioContract {

    private static final String MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json";

    private final JsonObject api;
    private final JsonObject parameters;
    private final Validator request;
    private final Validator message;
    private final Validator list;

    TwilioContract() {
        api = load();
        var operations = api.getJsonObject("paths").getJsonObject(MESSAGES);
        var create = strict(schemaAt(
                operations.getJsonObject("post").getJsonObject("requestBody"), "application/x-www-form-urlencoded"));
        parameters = create.getJsonObject("properties");
        request = validator(create);
        message = validator(schemaAt(operation(operations, "post", "201"), "application/json"));
        list = validator(withRelativeUris(schemaAt(operation(operations, "get", "200"), "application/json")));
    }

    /** @param code the one that Twilio answers with */
    record Violation(int code, String reason) {}

    /** @param form the parameters as sent, in order, repetitions included */
    Optional<Violation> violation(List<Map.Entry<String, String>> form) {
        var typed = typed(form);
        var wrong = problems(request, typed);
        if (!wrong.isEmpty()) {
            return Optional.of(new Violation(codeFor(typed, wrong), String.join("; ", wrong)));
        }
        if (!typed.containsKey("From") && !typed.containsKey("MessagingServiceSid")) {
            return Optional.of(new Violation(21603, "neither From nor MessagingServiceSid"));
        }
        if (!typed.containsKey("Body") && !typed.containsKey("MediaUrl") && !typed.containsKey("ContentSid")) {
            return Optional.of(new Violation(21602, "no Body, MediaUrl or ContentSid"));
        }
        return Optional.empty();
    }

    List<String> problemsOfMessage(JsonObject answer) {
        return problems(message, answer);
    }

    List<String> problemsOfList(JsonObject answer) {
        return problems(list, answer);
    }

    private static int codeFor(JsonObject typed, List<String> wrong) {
        if (!typed.containsKey("To")) {
            return 21604;
        }
        var reasons = String.join(" ", wrong);
        return Map.of("#/To", 21211, "#/ValidityPeriod", 21624, "#/StatusCallback", 21609, "#/Body", 21617)
                .entrySet()
                .stream()
                .filter(code -> reasons.contains(code.getKey() + ":"))
                .mapToInt(Map.Entry::getValue)
                .findFirst()
                .orElse(20001);
    }

    /** A form knows only strings: gives each the type that the schema expects, or leaves it for the schema to refuse. */
    private JsonObject typed(List<Map.Entry<String, String>> form) {
        var typed = new JsonObject();
        for (var entry : form) {
            var type =
                    parameters.getJsonObject(entry.getKey(), new JsonObject()).getString("type", "string");
            var value = typed(type, entry.getValue());
            if (type.equals("array") || typed.containsKey(entry.getKey())) {
                var values = typed.getValue(entry.getKey()) instanceof JsonArray before ? before : new JsonArray();
                typed.put(entry.getKey(), values.add(value));
            } else {
                typed.put(entry.getKey(), value);
            }
        }
        return typed;
    }

    private static Object typed(String type, String value) {
        if (type.equals("integer") && value.matches("-?[0-9]{1,18}")) {
            return Long.valueOf(value);
        }
        if (type.equals("boolean") && value.matches("true|false")) {
            return Boolean.valueOf(value);
        }
        return type.equals("number") && value.matches("-?[0-9]+(\\.[0-9]+)?") ? Double.valueOf(value) : value;
    }

    /** What the description says in prose only. */
    private static JsonObject strict(JsonObject create) {
        var properties = create.getJsonObject("properties");
        properties.getJsonObject("To").put("pattern", "^\\+[1-9][0-9]{1,14}$");
        properties.getJsonObject("ValidityPeriod").put("minimum", 1).put("maximum", 36_000);
        properties.getJsonObject("Attempt").put("minimum", 1);
        properties.getJsonObject("Body").put("minLength", 1).put("maxLength", 1600);
        properties.getJsonObject("StatusCallback").put("pattern", "^https?://[^/_]+(/.*)?$");
        return create.put("additionalProperties", false);
    }

    /** Twilio's lists carry paths where its description says {@code uri}; its own examples would not pass. */
    private static JsonObject withRelativeUris(JsonObject listOfMessages) {
        var properties = listOfMessages.getJsonObject("properties");
        properties.fieldNames().forEach(name -> properties.getJsonObject(name).remove("format"));
        return listOfMessages;
    }

    private JsonObject schemaAt(JsonObject holder, String mediaType) {
        return resolved(holder.getJsonObject("content")
                .getJsonObject(mediaType)
                .getJsonObject("schema")
                .copy());
    }

    private static JsonObject operation(JsonObject operations, String method, String status) {
        return operations.getJsonObject(method).getJsonObject("responses").getJsonObject(status);
    }

    /** OpenAPI 3.0 to JSON Schema: references put in place, {@code nullable} as a type. */
    private JsonObject resolved(JsonObject schema) {
        var reference = schema.getString("$ref");
        if (reference != null) {
            var name = reference.substring(reference.lastIndexOf('/') + 1);
            return resolved(api.getJsonObject("components")
                    .getJsonObject("schemas")
                    .getJsonObject(name)
                    .copy());
        }
        if (schema.getBoolean("nullable", false)) {
            schema.put("type", new JsonArray().add(schema.getString("type")).add("null"));
        }
        if (schema.getValue("items") instanceof JsonObject items) {
            schema.put("items", resolved(items));
        }
        if (schema.getValue("properties") instanceof JsonObject properties) {
            properties.fieldNames().forEach(name -> properties.put(name, resolved(properties.getJsonObject(name))));
        }
        return schema;
    }

    private static Validator validator(JsonObject schema) {
        return Validator.create(
                JsonSchema.of(schema),
                new JsonSchemaOptions()
                        .setBaseUri("https://api.twilio.com/")
                        .setDraft(Draft.DRAFT4)
                        .setOutputFormat(OutputFormat.Basic));
    }

    private static List<String> problems(Validator validator, JsonObject value) {
        OutputUnit outcome = validator.validate(value);
        return outcome.getValid()
                ? List.of()
                : outcome.getErrors().stream()
                        .map(error -> error.getInstanceLocation() + ": " + error.getError())
                        .toList();
    }

    private static JsonObject load() {
        var description = TwilioContract.class.getResourceAsStream("/twilio/messages-openapi.json");
        try (var stream = Objects.requireNonNull(description, "/twilio/messages-openapi.json is missing")) {
            return new JsonObject(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
