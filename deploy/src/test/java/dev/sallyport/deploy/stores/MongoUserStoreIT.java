package dev.sallyport.deploy.stores;

import dev.sallyport.account.UserStore;
import dev.sallyport.account.UserStoreContract;
import dev.sallyport.account.mongo.MongoUserStore;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoRig;

class MongoUserStoreIT extends UserStoreContract {

    private final MongoRig rig = EmbeddedRig.shared();

    @Override
    protected MongoRig rig() {
        return rig;
    }

    @Override
    protected UserStore store() {
        return store(rig.database());
    }

    @Override
    protected UserStore otherNode() {
        return store(rig.other());
    }

    private UserStore store(MongoDatabase database) {
        return new MongoUserStore(database.documents("accounts"), new AccountCipher(rig.keyring()));
    }
}
