package dev.sallyport.deploy.containers;

import dev.sallyport.mongo.MongoBench;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.session.Sessions;
import dev.sallyport.session.SessionsContract;
import dev.sallyport.session.mongo.MongoSessions;

@OnContainers
class RealSessionsIT extends SessionsContract {

    private final MongoBench bench = RealServers.bench();

    @Override
    protected MongoBench bench() {
        return bench;
    }

    @Override
    protected Sessions store() {
        return store(bench.database());
    }

    @Override
    protected Sessions otherNode() {
        return store(bench.other());
    }

    private Sessions store(MongoDatabase database) {
        return new MongoSessions(database.documents("sessions"), bench.clock(), IDLE);
    }
}
