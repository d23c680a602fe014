package dev.sallyport.deploy;

import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.web.DeviceWords;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * An audit event as a person reads it.
 *
 * @param code what happened, such as {@code password.refused}
 * @param body the whole of it
 */
record AuditWords(String id, Instant time, String code, JsonObject body) {

    private static final String NOBODY = "(no account)";

    /** The event in a record; empty if it is none of ours. */
    static Optional<AuditWords> of(EventRecord event) {
        try {
            JsonObject body = CloudEvents.body(event);
            String code = body.getJsonObject("metadata", new JsonObject()).getString("event_code");
            return code == null ? Optional.empty() : Optional.of(new AuditWords(event.id(), event.time(), code, body));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    /** Who it is about: a name, or what was changed by an operator. */
    String who() {
        JsonObject user = body.getJsonObject("user");
        return user == null ? "" : user.getString("name", NOBODY);
    }

    boolean hasAccount() {
        return body.getJsonObject("user", new JsonObject()).containsKey("name");
    }

    /** True of an account's id or name. */
    boolean isAbout(String account) {
        JsonObject user = body.getJsonObject("user", new JsonObject());
        return account.equals(user.getString("uid")) || account.equals(user.getString("name"));
    }

    boolean isRefusal() {
        return "Failure".equals(body.getString("status"));
    }

    String reason() {
        return body.getString("status_detail", "");
    }

    /** How many it stands for. */
    int count() {
        return body.getInteger("count", 1);
    }

    /** From where: address and browser, or the command line. */
    private String where() {
        String address = body.getJsonObject("src_endpoint", new JsonObject()).getString("ip", "");
        String browser = body.getJsonObject("http_request", new JsonObject()).getString("user_agent", "");
        String operator = body.getJsonObject("actor", new JsonObject()).getString("app_name", "");
        StringJoiner where = new StringJoiner(", ");
        List.of(address, browser.isEmpty() ? "" : DeviceWords.of(browser), operator).stream()
                .filter(text -> !text.isEmpty())
                .forEach(where::add);
        return where.toString();
    }

    private String factors() {
        List<String> factors = new ArrayList<>();
        for (Object factor : body.getJsonArray("auth_factors", new JsonArray())) {
            factors.add(((JsonObject) factor).getString("factor_type", "?"));
        }
        return String.join("+", factors);
    }

    /** One line, without colours: when, what, who, why, by which factor, from where. */
    String line() {
        StringJoiner rest = new StringJoiner("  ");
        JsonObject more = body.getJsonObject("unmapped", new JsonObject());
        List.of(
                        who(),
                        reason(),
                        factors(),
                        more.getString("purpose", ""),
                        more.getString("site", ""),
                        count() > 1 ? count() + " times" : "",
                        where())
                .stream()
                .filter(text -> !text.isEmpty())
                .forEach(rest::add);
        return "%-24s %-22s %s".formatted(time.truncatedTo(ChronoUnit.MILLIS), code, rest);
    }
}
