package dev.sallyport.session.mongo;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.mongo.Documents;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.session.Sessions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sessions in the collection {@code sessions}, found by a unique index on the token's hash. Ending one removes the
 * hash, so the token finds nothing from that write on.
 */
public final class MongoSessions implements Sessions {

    /** Being seen is written at most this often. */
    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    private final Documents sessions;
    private final Clock clock;
    private final Duration idle;

    /** @param idle a session that is not seen for so long is over */
    public MongoSessions(Documents sessions, Clock clock, Duration idle) {
        this.sessions = sessions;
        this.clock = clock;
        this.idle = idle;
    }

    @Override
    public void open(Session session, OpaqueToken token, List<AuditEvent> events) {
        JsonObject document = new JsonObject()
                .put("_id", session.handle())
                .put("tokenHash", token.hash())
                .put("account", session.account().value())
                .put("userName", session.userName())
                .put("proofs", encode(session.proofs()))
                .put("createdAt", session.createdAt().toEpochMilli())
                .put("lastSeen", session.lastSeen().toEpochMilli())
                .put("endsAt", session.endsAt().toEpochMilli())
                .put("purgeAfter", session.endsAt().toEpochMilli())
                .put("address", session.address())
                .put("browser", session.browser());
        if (!sessions.insert(document, events)) {
            throw new IllegalStateException("session handle used twice: " + session.handle());
        }
    }

    @Override
    public Optional<Session> find(OpaqueToken token) {
        JsonObject query = new JsonObject().put("tokenHash", token.hash());
        Optional<Session> found =
                sessions.find(query).map(MongoSessions::decode).filter(this::isLive);
        found.filter(session -> clock.instant().isAfter(session.lastSeen().plus(SEEN_EVERY)))
                .ifPresent(session -> sessions.changeLater(query, set("lastSeen", clock.millis())));
        return found;
    }

    private boolean isLive(Session session) {
        Instant now = clock.instant();
        return now.isBefore(session.endsAt()) && now.isBefore(session.lastSeen().plus(idle));
    }

    @Override
    public boolean renew(Session session, OpaqueToken next, List<AuditEvent> events) {
        JsonObject update = set("tokenHash", next.hash());
        update.getJsonObject("$set").put("proofs", encode(session.proofs())).put("lastSeen", clock.millis());
        return sessions.change(live(session.handle()), update, events).isPresent();
    }

    @Override
    public boolean end(String handle, List<AuditEvent> events) {
        JsonObject update = new JsonObject()
                .put("$unset", new JsonObject().put("tokenHash", ""))
                .put("$set", new JsonObject().put("endedAt", clock.millis()).put("purgeAfter", clock.millis()));
        return sessions.change(live(handle), update, events).isPresent();
    }

    private static JsonObject live(String handle) {
        return new JsonObject().put("_id", handle).put("endedAt", new JsonObject().put("$exists", false));
    }

    private static JsonArray encode(List<Proof> proofs) {
        JsonArray array = new JsonArray();
        proofs.forEach(proof -> array.add(new JsonObject()
                .put("factor", proof.factor().name())
                .put("at", proof.at().toEpochMilli())));
        return array;
    }

    private static Session decode(JsonObject document) {
        List<Proof> proofs = new ArrayList<>();
        JsonArray array = document.getJsonArray("proofs");
        for (int i = 0; i < array.size(); i++) {
            JsonObject proof = array.getJsonObject(i);
            proofs.add(new Proof(FactorType.valueOf(proof.getString("factor")), time(proof, "at")));
        }
        return new Session(
                document.getString("_id"),
                new AccountId(document.getString("account")),
                document.getString("userName"),
                proofs,
                time(document, "createdAt"),
                time(document, "lastSeen"),
                time(document, "endsAt"),
                document.getString("address"),
                document.getString("browser"));
    }

    private static Instant time(JsonObject document, String field) {
        return Instant.ofEpochMilli(document.getLong(field));
    }

    private static JsonObject set(String field, Object value) {
        return new JsonObject().put("$set", new JsonObject().put(field, value));
    }
}
