package dev.sallyport.deploy.containers;

import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.ChallengeStoreContract;
import dev.sallyport.challenge.mongo.MongoChallengeStore;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoRig;

@OnContainers
class RealChallengeStoreIT extends ChallengeStoreContract {

    private final MongoRig rig = RealServers.rig();

    @Override
    protected MongoRig rig() {
        return rig;
    }

    @Override
    protected ChallengeStore store() {
        return store(rig.database());
    }

    @Override
    protected ChallengeStore otherNode() {
        return store(rig.other());
    }

    private ChallengeStore store(MongoDatabase database) {
        return new MongoChallengeStore(database.documents("challenges"), new AccountCipher(rig.keyring()), rig.clock());
    }
}
