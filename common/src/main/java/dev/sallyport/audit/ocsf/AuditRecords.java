package dev.sallyport.audit.ocsf;

import dev.sallyport.FactorType;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditType;
import dev.sallyport.audit.AuditType.Activity;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Turns audit events into records of the audit topic. */
public final class AuditRecords {

    private static final String OCSF_VERSION = "1.8.0";
    private static final int IAM_CATEGORY = 3;
    private static final String IAM_LABEL = "Identity & Access Management";

    /** OCSF's ids of kinds of factors; 99 is any other. */
    private static final Map<String, Integer> FACTOR_TYPE_IDS = Map.of(
            FactorType.PHONE.id(), 1,
            FactorType.APP.id(), 7,
            FactorType.PASSWORD.id(), 11);

    private final String productVersion;

    public AuditRecords(String productVersion) {
        this.productVersion = productVersion;
    }

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
        return type.activity().classUid() == Activity.LOGON.classUid()
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
                .put("severity_id", type.success() ? 1 : 2)
                .put("severity", type.success() ? "Informational" : "Low")
                .put("status_id", type.success() ? 1 : 2)
                .put("status", type.success() ? "Success" : "Failure")
                .put("time", event.time().toEpochMilli())
                .put("metadata", metadata(event))
                .put("service", new JsonObject().put("name", "sallyport"))
                .put("user", user(event));
        event.visitor().ifPresent(visitor -> {
            body.put("src_endpoint", new JsonObject().put("ip", visitor.address()));
            body.put("http_request", new JsonObject().put("user_agent", visitor.browser()));
        });
        facts(event, body);
        return body;
    }

    private JsonObject metadata(AuditEvent event) {
        JsonObject metadata = new JsonObject()
                .put("uid", event.id())
                .put("version", OCSF_VERSION)
                .put("product", new JsonObject().put("name", "Sallyport").put("version", productVersion));
        event.visitor().ifPresent(visitor -> metadata.put("correlation_uid", visitor.traceId()));
        return metadata;
    }

    private static JsonObject user(AuditEvent event) {
        return event.subject()
                .map(subject -> new JsonObject().put("uid", subject.accountId()).put("name", subject.userName()))
                .orElseGet(() -> new JsonObject().put("uid_alt", event.key()).put("type", "Unknown"));
    }

    private static void facts(AuditEvent event, JsonObject body) {
        JsonObject unmapped = new JsonObject().put("owasp", event.type().owaspWord());
        event.facts().forEach((fact, value) -> {
            switch (fact) {
                case FACTOR ->
                    body.put("auth_factors", new JsonArray().add(factor(value)))
                            .put("is_mfa", !value.equals(FactorType.PASSWORD.id()));
                case REASON -> body.put("status_detail", value);
                case SESSION -> body.put("session", new JsonObject().put("uid", value));
                case COUNT -> body.put("count", Integer.parseInt(value));
                case AAL_BEFORE, AAL_AFTER -> unmapped.put(fact.id(), Integer.parseInt(value));
                case PURPOSE, CHALLENGE, MESSAGE, PHONE, REGION -> unmapped.put(fact.id(), value);
            }
        });
        body.put("unmapped", unmapped);
    }

    private static JsonObject factor(String value) {
        return new JsonObject()
                .put("factor_type", value)
                .put("factor_type_id", FACTOR_TYPE_IDS.getOrDefault(value, 99));
    }
}
