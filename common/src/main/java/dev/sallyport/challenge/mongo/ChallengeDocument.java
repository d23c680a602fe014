package dev.sallyport.challenge.mongo;

import dev.sallyport.account.AccountId;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.NewPhone;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.Challenge.Text;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.Reencryption;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.news.News;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** A challenge as a document: no code is in it, and the number of a new phone is encrypted. */
final class ChallengeDocument {

    private static final String NEW_PHONE = "newPhone";

    /** The one field that is encrypted. */
    static final Reencryption.Field ENCRYPTED = new Reencryption.Field(NEW_PHONE + ".number", NEW_PHONE);

    private final AccountCipher cipher;

    ChallengeDocument(AccountCipher cipher) {
        this.cipher = cipher;
    }

    JsonObject encode(Challenge challenge) {
        JsonObject document = new JsonObject()
                .put("purpose", challenge.purpose().name())
                .put("account", challenge.account().value())
                .put("userName", challenge.userName())
                .put("tries", challenge.tries())
                .put("passwordAt", challenge.passwordAt().toEpochMilli())
                .put("expiresAt", challenge.expiresAt().toEpochMilli());
        challenge.session().ifPresent(session -> document.put("session", session));
        challenge.text().ifPresent(text -> document.put("text", encode(text)));
        challenge
                .newPhone()
                .ifPresent(phone -> document.put(
                        NEW_PHONE,
                        new JsonObject()
                                .put(
                                        "number",
                                        cipher.encrypt(
                                                challenge.account().value(),
                                                NEW_PHONE,
                                                phone.number().e164().getBytes(StandardCharsets.UTF_8)))
                                .put("region", phone.region())));
        return document;
    }

    static JsonObject encode(Text text) {
        JsonObject document = new JsonObject()
                .put("mac", text.mac())
                .put("sealed", text.sealed())
                .put("phoneKey", text.phoneKey())
                .put("masked", text.masked())
                .put("expiresAt", text.expiresAt().toEpochMilli())
                .put("sends", text.sends())
                .put("lastSentAt", text.lastSentAt().toEpochMilli())
                .put("messageId", text.messageId());
        text.news().ifPresent(news -> document.put("news", encode(news)));
        return document;
    }

    static JsonObject encode(News news) {
        JsonObject document = new JsonObject().put("status", news.status().name());
        news.failure().ifPresent(failure -> document.put("failure", failure.name()));
        return document;
    }

    Challenge decode(JsonObject document) {
        String account = document.getString("account");
        return new Challenge(
                document.getString("_id"),
                Purpose.valueOf(document.getString("purpose")),
                new AccountId(account),
                document.getString("userName"),
                Optional.ofNullable(document.getString("session")),
                document.getInteger("tries"),
                time(document, "passwordAt"),
                time(document, "expiresAt"),
                Optional.ofNullable(document.getJsonObject("text")).map(ChallengeDocument::decodeText),
                Optional.ofNullable(document.getJsonObject(NEW_PHONE))
                        .map(phone -> new NewPhone(
                                new PhoneNumber(new String(
                                        cipher.decrypt(account, NEW_PHONE, phone.getBinary("number")),
                                        StandardCharsets.UTF_8)),
                                phone.getString("region"))));
    }

    private static Text decodeText(JsonObject text) {
        return new Text(
                text.getBinary("mac"),
                text.getBinary("sealed"),
                text.getString("phoneKey"),
                text.getString("masked"),
                time(text, "expiresAt"),
                text.getInteger("sends"),
                time(text, "lastSentAt"),
                // Those of version 0.1 have none: nothing becomes known of their messages.
                text.getString("messageId", ""),
                Optional.ofNullable(text.getJsonObject("news")).map(ChallengeDocument::decodeNews));
    }

    private static News decodeNews(JsonObject news) {
        return new News(
                Status.valueOf(news.getString("status")),
                Optional.ofNullable(news.getString("failure")).map(FailureClass::valueOf));
    }

    private static Instant time(JsonObject document, String field) {
        return Instant.ofEpochMilli(document.getLong(field));
    }
}
