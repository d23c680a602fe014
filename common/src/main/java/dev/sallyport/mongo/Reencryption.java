package dev.sallyport.mongo;

import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.crypto.NotGenuine;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Encrypts the fields of one collection anew that are not under the newest key of account data. It walks the collection
 * until a walk finds nothing more to do, {@value #MOST_WALKS} times at most; stopped in between it has done no harm, and
 * the next run goes on. Each value is replaced only if it is still the one that was read, so accounts may change
 * meanwhile. Called from a Vert.x virtual thread.
 */
public final class Reencryption {

    /**
     * An encrypted field.
     *
     * @param path where it is in the document: an object and the field in it, with a dot between them
     * @param name the field that the encryption is bound to
     */
    public record Field(String path, String name) {

        private String object() {
            return path.substring(0, path.indexOf('.'));
        }

        private String key() {
            return path.substring(path.indexOf('.') + 1);
        }
    }

    /**
     * What became of the values.
     *
     * @param renewed how many were encrypted anew
     * @param left how many of them the last walk still found: as many come back under an older key as somebody writes
     * @param unreadable ids of the documents with a value that no key opens
     */
    public record Report(int renewed, int left, Set<String> unreadable) {}

    private static final int MOST_WALKS = 3;
    private static final int PAGE = 500;

    private final Documents documents;
    private final AccountCipher cipher;
    private final List<Field> fields;
    private final String owner;

    /** @param owner the field that holds the id of the account that a document's encryption is bound to */
    public Reencryption(Documents documents, AccountCipher cipher, List<Field> fields, String owner) {
        this.documents = documents;
        this.cipher = cipher;
        this.fields = List.copyOf(fields);
        this.owner = owner;
    }

    /**
     * Walks until there is nothing more to do.
     *
     * @throws dev.sallyport.StoreUnavailable if the store does not answer in time; running it again goes on
     */
    public Report run() {
        Set<String> unreadable = new TreeSet<>();
        int renewed = 0;
        int found = walk(unreadable);
        for (int walks = 1; found > 0 && walks < MOST_WALKS; walks++) {
            renewed += found;
            found = walk(unreadable);
        }
        return new Report(renewed + found, found, unreadable);
    }

    /** Goes through all documents once; returns how many values it found under older keys. */
    private int walk(Set<String> unreadable) {
        int found = 0;
        String last = "";
        List<JsonObject> page = documents.page(last, new JsonObject(), PAGE);
        while (!page.isEmpty()) {
            for (JsonObject document : page) {
                found += renew(document, unreadable);
            }
            last = page.getLast().getString("_id");
            page = documents.page(last, new JsonObject(), PAGE);
        }
        return found;
    }

    private int renew(JsonObject document, Set<String> unreadable) {
        int found = 0;
        String id = document.getString("_id");
        for (Field field : fields) {
            JsonObject object = document.getJsonObject(field.object());
            if (object != null) {
                try {
                    Optional<byte[]> renewed =
                            cipher.renewed(document.getString(owner), field.name(), object.getBinary(field.key()));
                    renewed.ifPresent(value -> replace(id, field, object.getString(field.key()), value));
                    found += renewed.isPresent() ? 1 : 0;
                } catch (NotGenuine e) {
                    unreadable.add(id);
                }
            }
        }
        return found;
    }

    /** Where somebody else has changed it meanwhile, the next walk looks at what they wrote. */
    private void replace(String id, Field field, String before, byte[] after) {
        documents.change(
                new JsonObject().put("_id", id).put(field.path(), before),
                new JsonObject().put("$set", new JsonObject().put(field.path(), after)),
                List.of());
    }
}
