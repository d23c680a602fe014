package dev.sallyport.deploy.containers;

import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoRig;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiterContract;
import dev.sallyport.throttle.mongo.MongoRateLimiter;

@OnContainers
class RealRateLimiterIT extends RateLimiterContract {

    private final MongoRig rig = RealServers.rig();

    @Override
    protected MongoRig rig() {
        return rig;
    }

    @Override
    protected RateLimiter store() {
        return store(rig.database());
    }

    @Override
    protected RateLimiter otherNode() {
        return store(rig.other());
    }

    private RateLimiter store(MongoDatabase database) {
        return new MongoRateLimiter(database.documents("throttles"), new Lookup(rig.keyring()), rig.clock());
    }
}
