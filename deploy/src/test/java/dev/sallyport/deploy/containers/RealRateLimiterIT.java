package dev.sallyport.deploy.containers;

import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.MongoBench;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiterContract;
import dev.sallyport.throttle.mongo.MongoRateLimiter;

@OnContainers
class RealRateLimiterIT extends RateLimiterContract {

    private final MongoBench bench = RealServers.bench();

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
