package dev.sallyport.session.mongo;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.account.AccountId;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.mongo.Documents;
import dev.sallyport.session.Pass;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import dev.sallyport.session.Sessions;
import dev.sallyport.session.Ticket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Sessions in the collection {@code sessions}, found by a unique index on the token's hash. Ending one removes the
 * hash, so the token finds nothing from that write on. One that nobody ends is deleted when it has been idle too long.
 */
public final class MongoSessions implements Sessions {

    /** Being seen is written at most this often. */
    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    /** More than anybody signs in at; all the same each is ended where all are, page after page. */
    private static final int MOST_LISTED = 1_000;

    private static final JsonObject EXISTS = new JsonObject().put("$exists", true);

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
                .put("purgeAfter", purgeAfter(session.lastSeen(), session.endsAt()))
                .put("address", session.address())
                .put("browser", session.browser());
        if (!sessions.insert(document, events)) {
            throw new IllegalStateException("session handle used twice: " + session.handle());
        }
    }

    @Override
    public Optional<Session> find(OpaqueToken token) {
        return find(new JsonObject().put("tokenHash", token.hash()));
    }

    @Override
    public Optional<Session> find(Pass token, String host) {
        return find(SitePasses.withToken(notEnded(token.session()), token, host));
    }

    private Optional<Session> find(JsonObject query) {
        Optional<Session> found =
                sessions.find(query).map(MongoSessions::decode).filter(this::isLive);
        Instant now = clock.instant();
        found.filter(session -> now.isAfter(session.lastSeen().plus(SEEN_EVERY)))
                // The later of two late writes counts, whichever arrives first.
                .ifPresent(session ->
                        sessions.changeLater(query, new JsonObject().put("$max", seen(now, session.endsAt()))));
        return found;
    }

    @Override
    public List<Session> of(AccountId account) {
        JsonObject query = new JsonObject().put("account", account.value()).put("tokenHash", EXISTS);
        return sessions.all(query, MOST_LISTED).stream()
                .map(MongoSessions::decode)
                .filter(this::isLive)
                .sorted(Comparator.comparing(Session::lastSeen).reversed())
                .toList();
    }

    private boolean isLive(Session session) {
        Instant now = clock.instant();
        return now.isBefore(session.endsAt()) && now.isBefore(session.lastSeen().plus(idle));
    }

    @Override
    public boolean renew(Session session, OpaqueToken next, List<AuditEvent> events) {
        Instant now = clock.instant();
        JsonObject fields =
                seen(now, session.endsAt()).put("tokenHash", next.hash()).put("proofs", encode(session.proofs()));
        return sessions.change(live(session.handle(), now), new JsonObject().put("$set", fields), events)
                .isPresent();
    }

    /** Also one that is over by this node's clock: another's may be behind, and there its token must die as well. */
    @Override
    public boolean end(String handle, List<AuditEvent> events) {
        JsonObject update = new JsonObject()
                .put("$unset", SitePasses.all(new JsonObject().put("tokenHash", "")))
                .put("$set", new JsonObject().put("endedAt", clock.millis()).put("purgeAfter", clock.millis()));
        return sessions.change(notEnded(handle), update, events).isPresent();
    }

    @Override
    public boolean issue(Ticket ticket) {
        JsonObject live = live(ticket.pass().session(), clock.instant());
        return sessions.change(live, SitePasses.issue(ticket), List.of()).isPresent();
    }

    /** What a ticket says never changes, so that it may be read before the write that uses it up. */
    @Override
    public Optional<String> admit(Pass ticket, String host, String nonceHash, Pass token) {
        Instant now = clock.instant();
        JsonObject query = SitePasses.withTicket(live(ticket.session(), now), ticket, host, nonceHash, now);
        JsonObject update = SitePasses.admit(ticket, host, token);
        return sessions.find(query)
                .map(document -> SitePasses.uri(document, ticket))
                .filter(_ -> sessions.change(query, update, List.of()).isPresent());
    }

    @Override
    public boolean refuse(String handle, String rule, Instant since, AuditEvent event) {
        String field = "refused." + rule;
        JsonObject query = notEnded(handle).put(field, new JsonObject().put("$not", after(since)));
        JsonObject update = new JsonObject().put("$set", new JsonObject().put(field, clock.millis()));
        return sessions.change(query, update, List.of(event)).isPresent();
    }

    private JsonObject live(String handle, Instant now) {
        return notEnded(handle).put("endsAt", after(now)).put("lastSeen", after(now.minus(idle)));
    }

    private JsonObject seen(Instant now, Instant endsAt) {
        return new JsonObject().put("lastSeen", now.toEpochMilli()).put("purgeAfter", purgeAfter(now, endsAt));
    }

    /** A little later than it is over: being seen is written late, and must still find it. */
    private long purgeAfter(Instant lastSeen, Instant endsAt) {
        Instant idleEnd = lastSeen.plus(idle).plus(SEEN_EVERY);
        return (idleEnd.isBefore(endsAt) ? idleEnd : endsAt).toEpochMilli();
    }

    private static JsonObject notEnded(String handle) {
        return new JsonObject().put("_id", handle).put("endedAt", new JsonObject().put("$exists", false));
    }

    private static JsonObject after(Instant time) {
        return new JsonObject().put("$gt", time.toEpochMilli());
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
}
