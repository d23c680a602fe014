package dev.sallyport.dispatch.limit.kafka;

import dev.sallyport.config.LimitsConfig;
import dev.sallyport.dispatch.limit.Change;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.dispatch.limit.Switch;
import dev.sallyport.dispatch.limit.Switch.Rate;
import dev.sallyport.dispatch.limit.Switch.RegionOff;
import dev.sallyport.dispatch.limit.Switch.Route;
import dev.sallyport.dispatch.limit.Switch.RuleMode;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import dev.sallyport.event.kafka.CloudEvents;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * {@link Change}s of switches as CloudEvents. Not signed: who may write to the topic may switch, and its access rights say
 * who that is. The key is the switch's, so compaction leaves what holds.
 */
public final class ControlRecords {

    /** The CloudEvents type. */
    public static final String TYPE = "dev.sallyport.sms.switch";

    private static final Map<String, String> ATTRIBUTES = Map.of("dataschema", "urn:sallyport:events:sms-control:0.1");

    private static final String REGION = "region";
    private static final String RATE = "rate";
    private static final String ROUTE = "route";
    private static final String RULE = "rule";

    private ControlRecords() {}

    /**
     * The record of a change.
     *
     * @param id unlike that of any other record
     */
    public static EventRecord encode(Change change, String id) {
        JsonObject body = encode(change.what()).put("by", change.by());
        return new EventRecord(
                id,
                TYPE,
                change.at(),
                Topics.SMS_CONTROL,
                change.what().key(),
                ATTRIBUTES,
                body.toBuffer().getBytes());
    }

    private static JsonObject encode(Switch what) {
        return switch (what) {
            case RegionOff(String region, boolean off) ->
                switchOf(REGION).put("region", region).put("off", off);
            case Rate(OptionalInt perSecond) -> {
                JsonObject rate = switchOf(RATE);
                perSecond.ifPresent(value -> rate.put("per_second", value));
                yield rate;
            }
            case Route(String region, Map<String, Integer> weights) -> {
                JsonObject route = switchOf(ROUTE).put("region", region);
                JsonObject json = new JsonObject();
                weights.forEach(json::put);
                yield route.put("weights", json);
            }
            case RuleMode(Rule rule, Optional<LimitsConfig.Mode> mode) -> {
                JsonObject ofRule = switchOf(RULE).put("rule", rule.id());
                mode.ifPresent(value -> ofRule.put("mode", word(value)));
                yield ofRule;
            }
        };
    }

    private static JsonObject switchOf(String kind) {
        return new JsonObject().put("switch", kind);
    }

    private static String word(LimitsConfig.Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The change in a record; empty if it is none, or one of a switch or a value that does not exist. */
    public static Optional<Change> decode(EventRecord event) {
        if (!event.type().equals(TYPE)) {
            return Optional.empty();
        }
        try {
            JsonObject body = CloudEvents.body(event);
            Change change = new Change(decode(body), text(body, "by"), event.time());
            return Optional.of(change).filter(its -> its.what().key().equals(event.key()));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Switch decode(JsonObject body) {
        return switch (text(body, "switch")) {
            case REGION -> new RegionOff(text(body, "region"), required(body.getBoolean("off")));
            case RATE -> {
                Integer perSecond = body.getInteger("per_second");
                yield new Rate(perSecond == null ? OptionalInt.empty() : OptionalInt.of(perSecond));
            }
            case ROUTE -> new Route(text(body, "region"), weights(required(body.getJsonObject("weights"))));
            case RULE ->
                new RuleMode(
                        Rule.of(text(body, "rule")).orElseThrow(() -> unknown("rule")),
                        Optional.ofNullable(body.getString("mode")).map(ControlRecords::mode));
            default -> throw unknown("switch");
        };
    }

    private static Map<String, Integer> weights(JsonObject json) {
        Map<String, Integer> weights = new HashMap<>();
        json.fieldNames().forEach(name -> weights.put(name, required(json.getInteger(name))));
        return weights;
    }

    private static LimitsConfig.Mode mode(String word) {
        for (LimitsConfig.Mode mode : LimitsConfig.Mode.values()) {
            if (word(mode).equals(word)) {
                return mode;
            }
        }
        throw unknown("mode");
    }

    private static String text(JsonObject body, String name) {
        return required(body.getString(name));
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw unknown("value");
        }
        return value;
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("no such " + what);
    }
}
