package dev.sallyport.deploy;

import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.challenge.mongo.MongoChallengeStore;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.Reencryption;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Encrypts what is stored anew under the newest key of account data, and tells what is left. */
final class AccountDataReencryption {

    private static final int MOST_NAMED = 10;

    private final Map<String, Reencryption> collections = new LinkedHashMap<>();
    private final PrintWriter out;

    AccountDataReencryption(MongoDatabase database, AccountCipher cipher, PrintWriter out) {
        collections.put("accounts", MongoUserStore.reencryption(database.documents("accounts"), cipher));
        collections.put("challenges", MongoChallengeStore.reencryption(database.documents("challenges"), cipher));
        this.out = out;
    }

    /** Returns 0 if no stored value needs an older key any more, 1 if one may. */
    int run() {
        int left = 0;
        int unreadable = 0;
        for (Map.Entry<String, Reencryption> collection : collections.entrySet()) {
            String name = collection.getKey();
            Reencryption.Report report = collection.getValue().run();
            out.printf("%s: %d values encrypted anew.%n", name, report.renewed());
            report.unreadable().stream()
                    .limit(MOST_NAMED)
                    .forEach(id -> out.printf("%s: no key opens a value of %s.%n", name, id));
            left += report.left();
            unreadable += report.unreadable().size();
        }
        if (unreadable > 0) {
            out.printf(
                    "%d documents have values that no key opens: their key is retired (./sallyport keys rotate"
                            + " account-data --stage restore), or they are damaged.%n",
                    unreadable);
        }
        if (left > 0) {
            out.printf(
                    "%d values came back under an older key meanwhile: a node still uses it. Run this again when every"
                            + " node has reread its keys.%n",
                    left);
        }
        if (left + unreadable == 0) {
            out.println("No stored value needs an older key any more; retire it with ./sallyport keys rotate"
                    + " account-data --stage retire.");
        }
        return left + unreadable == 0 ? 0 : 1;
    }
}
