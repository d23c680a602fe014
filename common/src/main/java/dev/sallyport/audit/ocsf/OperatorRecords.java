package dev.sallyport.audit.ocsf;

import dev.sallyport.audit.OperatorChange;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Turns what operators change into records of the audit topic: API Activity (class 6003) of OCSF. */
public final class OperatorRecords {

    private static final String CODE = "operator.changed";
    private static final Map<String, String> ATTRIBUTES =
            Map.of("dataschema", "urn:sallyport:events:operator-change:0.1");

    private final String productVersion;

    public OperatorRecords(String productVersion) {
        this.productVersion = productVersion;
    }

    public EventRecord record(OperatorChange change) {
        return new EventRecord(
                change.id(),
                "dev.sallyport." + CODE,
                change.time(),
                Topics.AUDIT,
                change.what(),
                ATTRIBUTES,
                body(change).toBuffer().getBytes());
    }

    private JsonObject body(OperatorChange change) {
        return new JsonObject()
                .put("category_uid", 6)
                .put("category_name", "Application Activity")
                .put("class_uid", 6003)
                .put("class_name", "API Activity")
                .put("activity_id", 3)
                .put("activity_name", "Update")
                .put("type_uid", 600303)
                .put("severity_id", 1)
                .put("severity", "Informational")
                .put("status_id", 1)
                .put("status", "Success")
                .put("time", change.time().toEpochMilli())
                .put("metadata", metadata(change))
                .put(
                        "actor",
                        new JsonObject()
                                .put("user", new JsonObject().put("name", change.user()))
                                .put("app_name", AuditRecords.OPERATOR))
                .put(
                        "api",
                        new JsonObject()
                                .put("operation", change.command())
                                .put("service", new JsonObject().put("name", "sallyport")))
                .put("src_endpoint", new JsonObject().put("hostname", change.host()))
                .put("resources", new JsonArray().add(new JsonObject().put("name", change.what())))
                .put(
                        "unmapped",
                        new JsonObject()
                                .put("by", change.by())
                                .put("from", change.from())
                                .put("to", change.to()));
    }

    private JsonObject metadata(OperatorChange change) {
        return new JsonObject()
                .put("uid", change.id())
                .put("event_code", CODE)
                .put("version", AuditRecords.OCSF_VERSION)
                .put("product", new JsonObject().put("name", "Sallyport").put("version", productVersion));
    }
}
