package dev.sallyport.account.mongo;

import dev.sallyport.FactorType;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.Documents;
import dev.sallyport.mongo.Reencryption;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Accounts in the collection {@code accounts}, with a unique index on the folded user name. */
public final class MongoUserStore implements UserStore {

    /** The fields of {@link AccountDocument} that may be absent, and so must be unset where they are. */
    private static final List<String> OPTIONAL_FIELDS = List.of("app", "pendingApp", "phone");

    private final Documents accounts;
    private final AccountDocument format;

    public MongoUserStore(Documents accounts, AccountCipher cipher) {
        this.accounts = accounts;
        this.format = new AccountDocument(cipher);
    }

    /** What encrypts the keys of apps and the phone numbers of all accounts anew. */
    public static Reencryption reencryption(Documents accounts, AccountCipher cipher) {
        return new Reencryption(accounts, cipher, AccountDocument.ENCRYPTED, "_id");
    }

    @Override
    public boolean create(Account account, List<AuditEvent> events) {
        JsonObject document =
                format.encode(account).put("_id", account.id().value()).put("version", 0);
        return accounts.insert(document, events);
    }

    @Override
    public Optional<Account> find(AccountId id) {
        return accounts.find(byId(id)).map(format::decode);
    }

    @Override
    public Optional<Account> find(String foldedName) {
        return accounts.find(new JsonObject().put("username", foldedName)).map(format::decode);
    }

    @Override
    public Optional<Account> update(
            AccountId id, Function<Account, Optional<Account>> change, List<AuditEvent> events) {
        while (true) {
            Optional<JsonObject> stored = accounts.find(byId(id));
            Optional<Account> after = stored.map(format::decode).flatMap(change);
            if (after.isEmpty()) {
                return Optional.empty();
            }
            int version = stored.get().getInteger("version");
            JsonObject unchanged = byId(id).put("version", version);
            if (accounts.change(unchanged, replacement(after.get(), version + 1), events)
                    .isPresent()) {
                return after;
            }
        }
    }

    private JsonObject replacement(Account account, int version) {
        JsonObject fields = format.encode(account).put("version", version);
        JsonObject absent = new JsonObject();
        OPTIONAL_FIELDS.stream().filter(field -> !fields.containsKey(field)).forEach(field -> absent.put(field, ""));
        JsonObject update = new JsonObject().put("$set", fields);
        return absent.isEmpty() ? update : update.put("$unset", absent);
    }

    @Override
    public boolean consumeAppStep(AccountId id, long step, boolean closedToo, List<AuditEvent> events) {
        JsonObject query = byId(id).put("app.lastStep", new JsonObject().put("$lt", step));
        if (!closedToo) {
            query.put("app.wrongCodes", new JsonObject().put("$lt", Account.MAX_WRONG_CODES));
        }
        JsonObject update = new JsonObject()
                .put("$set", new JsonObject().put("app.lastStep", step).put("app.wrongCodes", 0))
                .put("$inc", new JsonObject().put("version", 1));
        return accounts.change(query, update, events).isPresent();
    }

    @Override
    public Optional<Account> countWrongCode(AccountId id, Set<FactorType> factors) {
        Optional<Account> counted = count(id, factors);
        if (counted.isPresent() || factors.size() < 2) {
            return counted.isPresent() ? counted : find(id);
        }
        // One of them was unbound meanwhile; the others count all the same.
        factors.forEach(factor -> count(id, Set.of(factor)));
        return find(id);
    }

    /** Counts against all of these factors, or against none where the account does not have all of them. */
    private Optional<Account> count(AccountId id, Set<FactorType> factors) {
        JsonObject query = byId(id);
        JsonObject counts = new JsonObject().put("version", 1);
        for (FactorType factor : factors) {
            query.put(factor.id(), new JsonObject().put("$exists", true));
            counts.put(factor.id() + ".wrongCodes", 1);
        }
        return accounts.change(query, new JsonObject().put("$inc", counts), List.of())
                .map(format::decode);
    }

    @Override
    public void note(AccountId id, List<AuditEvent> events) {
        accounts.note(id.value(), events);
    }

    @Override
    public boolean acceptPhone(AccountId id) {
        JsonObject query = byId(id).put("phone.wrongCodes", new JsonObject().put("$lt", Account.MAX_WRONG_CODES));
        JsonObject update = new JsonObject()
                .put("$set", new JsonObject().put("phone.wrongCodes", 0))
                .put("$inc", new JsonObject().put("version", 1));
        return accounts.change(query, update, List.of()).isPresent();
    }

    private static JsonObject byId(AccountId id) {
        return new JsonObject().put("_id", id.value());
    }
}
