package dev.sallyport.deploy.stores;

import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.MongoBench;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiterContract;
import dev.sallyport.throttle.mongo.MongoRateLimiter;

class MongoRateLimiterIT extends RateLimiterContract {

    private final MongoBench bench = EmbeddedBench.shared();

    @Override
    protected MongoBench bench() {
        return bench;
    }

    @Override
    protected RateLimiter store() {
        return store(bench.database());
    }

    @Override
    protected RateLimiter otherNode() {
        return store(bench.other());
    }

    private RateLimiter store(MongoDatabase database) {
        return new MongoRateLimiter(database.documents("throttles"), new Lookup(bench.keyring()), bench.clock());
    }
}
