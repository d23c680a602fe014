package dev.sallyport.deploy.containers;

import dev.sallyport.account.UserStore;
import dev.sallyport.account.UserStoreContract;
import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.MongoBench;
import dev.sallyport.mongo.MongoDatabase;

@OnContainers
class RealUserStoreIT extends UserStoreContract {

    private final MongoBench bench = RealServers.bench();

    @Override
    protected MongoBench bench() {
        return bench;
    }

    @Override
    protected UserStore store() {
        return store(bench.database());
    }

    @Override
    protected UserStore otherNode() {
        return store(bench.other());
    }

    private UserStore store(MongoDatabase database) {
        return new MongoUserStore(database.documents("accounts"), new AccountCipher(bench.keyring()));
    }
}
