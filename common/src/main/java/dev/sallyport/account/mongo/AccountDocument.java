package dev.sallyport.account.mongo;

import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.Username;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.Reencryption;
import dev.sallyport.phone.PhoneNumber;
import dev.sallyport.totp.TotpSecret;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An account as a document: keys of apps and phone numbers are encrypted, bound to the account and the field. */
final class AccountDocument {

    /** Every field that is encrypted. */
    static final List<Reencryption.Field> ENCRYPTED = List.of(
            new Reencryption.Field("app.secret", "app"),
            new Reencryption.Field("pendingApp.secret", "pendingApp"),
            new Reencryption.Field("phone.number", "phone"));

    private final AccountCipher cipher;

    AccountDocument(AccountCipher cipher) {
        this.cipher = cipher;
    }

    /** The fields that describe the account, without those that a store adds. */
    JsonObject encode(Account account) {
        String id = account.id().value();
        JsonObject document = new JsonObject()
                .put("username", account.username().folded())
                .put("shownName", account.username().shown())
                .put("passwordHash", account.passwordHash())
                .put("createdAt", account.createdAt().toEpochMilli())
                .put("imported", account.imported());
        account.app()
                .ifPresent(app -> document.put(
                        "app",
                        new JsonObject()
                                .put("secret", encrypted(id, "app", app.secret().bytes()))
                                .put("lastStep", app.lastStep())
                                .put("wrongCodes", app.wrongCodes())
                                .put("boundAt", app.boundAt().toEpochMilli())));
        account.pendingApp()
                .ifPresent(pending -> document.put(
                        "pendingApp",
                        new JsonObject()
                                .put(
                                        "secret",
                                        encrypted(
                                                id,
                                                "pendingApp",
                                                pending.secret().bytes()))
                                .put("session", pending.session())
                                .put("expiresAt", pending.expiresAt().toEpochMilli())));
        account.phone()
                .ifPresent(phone -> document.put(
                        "phone",
                        new JsonObject()
                                .put(
                                        "number",
                                        encrypted(
                                                id,
                                                "phone",
                                                phone.number().e164().getBytes(StandardCharsets.UTF_8)))
                                .put("region", phone.region())
                                .put("wrongCodes", phone.wrongCodes())
                                .put("boundAt", phone.boundAt().toEpochMilli())));
        return document;
    }

    Account decode(JsonObject document) {
        String id = document.getString("_id");
        return new Account(
                new AccountId(id),
                new Username(document.getString("shownName"), document.getString("username")),
                document.getString("passwordHash"),
                Optional.ofNullable(document.getJsonObject("app"))
                        .map(app -> new Account.App(
                                TotpSecret.of(decrypted(id, "app", app.getBinary("secret"))),
                                app.getLong("lastStep"),
                                app.getInteger("wrongCodes"),
                                time(app, "boundAt"))),
                Optional.ofNullable(document.getJsonObject("pendingApp"))
                        .map(pending -> new Account.PendingApp(
                                TotpSecret.of(decrypted(id, "pendingApp", pending.getBinary("secret"))),
                                pending.getString("session"),
                                time(pending, "expiresAt"))),
                Optional.ofNullable(document.getJsonObject("phone"))
                        .map(phone -> new Account.Phone(
                                number(id, phone.getBinary("number")),
                                phone.getString("region"),
                                phone.getInteger("wrongCodes"),
                                time(phone, "boundAt"))),
                time(document, "createdAt"),
                document.getBoolean("imported"));
    }

    private PhoneNumber number(String id, byte[] ciphertext) {
        return new PhoneNumber(new String(decrypted(id, "phone", ciphertext), StandardCharsets.UTF_8));
    }

    private byte[] encrypted(String id, String field, byte[] plaintext) {
        return cipher.encrypt(id, field, plaintext);
    }

    private byte[] decrypted(String id, String field, byte[] ciphertext) {
        return cipher.decrypt(id, field, ciphertext);
    }

    private static Instant time(JsonObject document, String field) {
        return Instant.ofEpochMilli(document.getLong(field));
    }
}
