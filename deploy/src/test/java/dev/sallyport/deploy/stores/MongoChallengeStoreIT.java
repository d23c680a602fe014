package dev.sallyport.deploy.stores;

import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.ChallengeStoreContract;
import dev.sallyport.challenge.mongo.MongoChallengeStore;
import dev.sallyport.crypto.AccountCipher;
import dev.sallyport.mongo.MongoBench;
import dev.sallyport.mongo.MongoDatabase;

class MongoChallengeStoreIT extends ChallengeStoreContract {

    private final MongoBench bench = EmbeddedBench.shared();

    @Override
    protected MongoBench bench() {
        return bench;
    }

    @Override
    protected ChallengeStore store() {
        return store(bench.database());
    }

    @Override
    protected ChallengeStore otherNode() {
        return store(bench.other());
    }

    private ChallengeStore store(MongoDatabase database) {
        return new MongoChallengeStore(
                database.documents("challenges"), new AccountCipher(bench.keyring()), bench.clock());
    }
}
