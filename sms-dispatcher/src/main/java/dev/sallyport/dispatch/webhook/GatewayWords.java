package dev.sallyport.dispatch.webhook;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.sms.FailureClass;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a gateway says, in JSON. Only what the contract allows gets on: a gateway's prose quotes numbers and texts, and what
 * gets on ends in events and logs.
 */
final class GatewayWords {

    private static final Pattern ID = Pattern.compile("[!-~]{1,128}");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._-]{1,32}");
    private static final int LARGEST_COUNT = 99;

    private final JsonObject json;

    private GatewayWords(JsonObject json) {
        this.json = json;
    }

    /** Empty if it is no JSON object. */
    static Optional<GatewayWords> parse(Buffer text) {
        try {
            return Json.decodeValue(text) instanceof JsonObject object
                    ? Optional.of(new GatewayWords(object))
                    : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** An object inside; one without anything where there is none. */
    GatewayWords inside(String name) {
        return new GatewayWords(json.getValue(name) instanceof JsonObject object ? object : new JsonObject());
    }

    Optional<String> text(String name) {
        return json.getValue(name) instanceof String value ? Optional.of(value) : Optional.empty();
    }

    /** A string of visible ASCII. */
    Optional<String> id(String name) {
        return text(name).filter(value -> ID.matcher(value).matches());
    }

    Optional<String> code() {
        return text("code").filter(value -> CODE.matcher(value).matches());
    }

    boolean tellsFailure() {
        return json.containsKey("failure");
    }

    /** Why it is surely not sent or not delivered; empty without such a word of the contract. */
    Optional<FailureClass> failure() {
        return text("failure").flatMap(word -> Arrays.stream(FailureClass.values())
                .filter(known -> known.id().equals(word) && isFinal(known))
                .findFirst());
    }

    /** A whole number from 1 to 99. */
    Optional<Integer> count(String name) {
        return json.getValue(name) instanceof Integer value && value >= 1 && value <= LARGEST_COUNT
                ? Optional.of(value)
                : Optional.empty();
    }

    /** A gateway's word must not bring a message back that is settled, or settle one that is not. */
    private static boolean isFinal(FailureClass known) {
        return SendResult.failed(known, "", Optional.empty()) instanceof SendResult.Refused;
    }
}
