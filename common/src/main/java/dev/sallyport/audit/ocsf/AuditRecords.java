package dev.sallyport.audit.ocsf;

import dev.sallyport.FactorType;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.AuditType.Activity;
import dev.sallyport.audit.Fact;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Turns audit events into records of the audit topic. */
public final class AuditRecords {

    static final String OCSF_VERSION = "1.8.0";
    private static final int IAM_CATEGORY = 3;
    private static final String IAM_LABEL = "Identity & Access Management";
    static final String OPERATOR = "Sallyport command line";

    /** OCSF's ids and names of kinds of factors. */
    private static final Map<String, JsonObject> FACTORS = Map.of(
            FactorType.PHONE.id(), factor(1, "SMS"),
            FactorType.APP.id(), factor(7, "OTP"),
            FactorType.PASSWORD.id(), factor(11, "Password"));

    private final String productVersion;

    public AuditRecords(String productVersion) {
        this.productVersion = productVersion;
    }

    /** The same record, under the same id, for the same event, however often it is asked for. */
    public EventRecord record(AuditEvent event) {
        return new EventRecord(
                event.id(),
                event.type().cloudEventsType(),
                event.time(),
                Topics.AUDIT,
                event.key(),
                Map.of("dataschema", schema(event.type())),
                body(event).toBuffer().getBytes());
    }

    private static String schema(AuditType type) {
        return type.activity().isAuthentication()
                ? "urn:sallyport:events:authentication:0.1"
                : "urn:sallyport:events:account-change:0.1";
    }

    JsonObject body(AuditEvent event) {
        AuditType type = event.type();
        Activity activity = type.activity();
        JsonObject body = new JsonObject()
                .put("category_uid", IAM_CATEGORY)
                .put("category_name", IAM_LABEL)
                .put("class_uid", activity.classUid())
                .put("class_name", activity.className())
                .put("activity_id", activity.id())
                .put("activity_name", activity.label())
                .put("type_uid", activity.classUid() * 100 + activity.id())
                .put("severity_id", type.severity().id())
                .put("severity", type.severity().label())
                .put("status_id", type.success() ? 1 : 2)
                .put("status", type.success() ? "Success" : "Failure")
                .put("time", event.time().toEpochMilli())
                .put("metadata", metadata(event))
                .put("user", user(event));
        event.visitor().ifPresent(visitor -> {
            body.put("src_endpoint", new JsonObject().put("ip", visitor.address()));
            if (!visitor.browser().isEmpty()) {
                body.put("http_request", new JsonObject().put("user_agent", visitor.browser()));
            }
        });
        factors(event, body);
        context(event, body);
        facts(event, body);
        return body;
    }

    private JsonObject metadata(AuditEvent event) {
        JsonObject metadata = new JsonObject()
                .put("uid", event.id())
                .put("event_code", event.type().id())
                .put("version", OCSF_VERSION)
                .put("product", new JsonObject().put("name", "Sallyport").put("version", productVersion));
        event.visitor().ifPresent(visitor -> metadata.put("correlation_uid", visitor.traceId()));
        return metadata;
    }

    /** A name without an account is told by its keyed hash only, which is the record key then as well. */
    private static JsonObject user(AuditEvent event) {
        return event.subject()
                .map(subject -> new JsonObject()
                        .put("uid", subject.accountId())
                        .put("name", subject.userName())
                        .put("type_id", 1)
                        .put("type", "User"))
                .orElseGet(() -> new JsonObject()
                        .put("uid", event.key())
                        .put("type_id", 0)
                        .put("type", "Unknown"));
    }

    private static void factors(AuditEvent event, JsonObject body) {
        List<String> factors = event.factors();
        if (factors.isEmpty()) {
            return;
        }
        JsonArray array = new JsonArray();
        factors.forEach(factor ->
                array.add(Objects.requireNonNull(FACTORS.get(factor), factor).copy()));
        body.put("auth_factors", array);
        if (event.type().activity().isAuthentication()) {
            body.put("is_mfa", !factors.equals(List.of(FactorType.PASSWORD.id())));
        }
    }

    /** The two classes say in different places which session it was; both name the actor where that is another one. */
    private static void context(AuditEvent event, JsonObject body) {
        boolean door = event.type().activity().isAuthentication();
        JsonObject actor = new JsonObject();
        if (door) {
            body.put("service", new JsonObject().put("name", "sallyport"));
        }
        session(event, Fact.SESSION, door ? body : actor);
        session(event, Fact.ENDED_IN, actor);
        if (event.visitor().isEmpty()) {
            actor.put("app_name", OPERATOR);
        }
        if (!actor.isEmpty()) {
            body.put("actor", actor);
        }
    }

    private static void session(AuditEvent event, Fact fact, JsonObject place) {
        String handle = event.facts().get(fact);
        if (handle != null) {
            place.put("session", new JsonObject().put("uid", handle));
        }
    }

    private static void facts(AuditEvent event, JsonObject body) {
        JsonObject unmapped = new JsonObject();
        event.type().owaspWord().ifPresent(word -> unmapped.put("owasp", word));
        // In the order of the enum, so that people always read them in the same one.
        new TreeMap<>(event.facts()).forEach((fact, value) -> {
            switch (fact) {
                case FACTOR, SESSION, ENDED_IN -> {}
                case REASON -> body.put("status_detail", value);
                case COUNT -> body.put("count", Integer.parseInt(value));
                case AAL_BEFORE, AAL_AFTER -> unmapped.put(fact.id(), Integer.parseInt(value));
                case PURPOSE, SITE, RULE, CHALLENGE, MESSAGE, PHONE, REGION -> unmapped.put(fact.id(), value);
            }
        });
        if (!unmapped.isEmpty()) {
            body.put("unmapped", unmapped);
        }
    }

    private static JsonObject factor(int id, String name) {
        return new JsonObject().put("factor_type_id", id).put("factor_type", name);
    }
}
