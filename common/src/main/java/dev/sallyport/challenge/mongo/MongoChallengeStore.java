package dev.sallyport.challenge.mongo;

import dev.sallyport.OpaqueToken;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.Documents;
import dev.sallyport.mongo.Reencryption;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.news.News;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Challenges in the collection {@code challenges}, with a unique index on the token's hash. */
public final class MongoChallengeStore implements ChallengeStore {

    private static final String OPEN = "open";

    private final Documents challenges;
    private final ChallengeDocument format;
    private final Clock clock;

    public MongoChallengeStore(Documents challenges, AccountCipher cipher, Clock clock) {
        this.challenges = challenges;
        this.format = new ChallengeDocument(cipher);
        this.clock = clock;
    }

    /** What encrypts the numbers of phones that are being bound anew. */
    public static Reencryption reencryption(Documents challenges, AccountCipher cipher) {
        return new Reencryption(challenges, cipher, List.of(ChallengeDocument.ENCRYPTED), "account");
    }

    @Override
    public void create(Challenge challenge, OpaqueToken token, List<AuditEvent> events) {
        JsonObject document = format.encode(challenge)
                .put("_id", challenge.id())
                .put("tokenHash", token.hash())
                .put("state", OPEN)
                .put("purgeAfter", challenge.expiresAt().toEpochMilli());
        if (!challenges.insert(document, events)) {
            throw new IllegalStateException("challenge id used twice: " + challenge.id());
        }
    }

    @Override
    public Optional<Challenge> find(OpaqueToken token) {
        return challenges.find(open(token)).map(format::decode);
    }

    @Override
    public Optional<Challenge> takeTry(OpaqueToken token) {
        JsonObject query = open(token).put("tries", new JsonObject().put("$lt", Challenge.MAX_TRIES));
        JsonObject update = new JsonObject().put("$inc", new JsonObject().put("tries", 1));
        return challenges.change(query, update, List.of()).map(format::decode);
    }

    @Override
    public boolean pass(String id, List<AuditEvent> events) {
        JsonObject query = new JsonObject().put("_id", id).put("state", OPEN);
        return challenges.change(query, set("state", "passed"), events).isPresent();
    }

    @Override
    public void note(String id, List<AuditEvent> events) {
        challenges.note(id, events);
    }

    @Override
    public boolean replaceText(String id, Optional<Challenge.Text> before, Challenge.Text after) {
        JsonObject query = new JsonObject().put("_id", id).put("state", OPEN);
        before.ifPresentOrElse(
                text -> query.put("text.sends", text.sends())
                        .put("text.lastSentAt", text.lastSentAt().toEpochMilli()),
                () -> query.put("text", new JsonObject().put("$exists", false)));
        return challenges
                .change(query, set("text", ChallengeDocument.encode(after)), List.of())
                .isPresent();
    }

    @Override
    public boolean learn(Outcome outcome) {
        JsonArray notBefore = new JsonArray();
        for (Status known : Status.values()) {
            if (!outcome.status().isAfter(known)) {
                notBefore.add(known.name());
            }
        }
        JsonObject query = new JsonObject()
                .put("_id", outcome.challengeId())
                .put("text.messageId", outcome.messageId())
                // True also where nothing is known yet.
                .put("text.news.status", new JsonObject().put("$nin", notBefore));
        JsonObject news = ChallengeDocument.encode(News.of(outcome));
        return challenges.change(query, set("text.news", news), List.of()).isPresent();
    }

    private JsonObject open(OpaqueToken token) {
        return new JsonObject()
                .put("tokenHash", token.hash())
                .put("state", OPEN)
                .put("expiresAt", new JsonObject().put("$gt", clock.millis()));
    }

    private static JsonObject set(String field, Object value) {
        return new JsonObject().put("$set", new JsonObject().put(field, value));
    }
}
