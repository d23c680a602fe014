package dev.sallyport.deploy.containers;

import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoRig;
import dev.sallyport.session.Sessions;
import dev.sallyport.session.SessionsContract;
import dev.sallyport.session.mongo.MongoSessions;

@OnContainers
class RealSessionsIT extends SessionsContract {

    private final MongoRig rig = RealServers.rig();

    @Override
    protected MongoRig rig() {
        return rig;
    }

    @Override
    protected Sessions store() {
        return store(rig.database());
    }

    @Override
    protected Sessions otherNode() {
        return store(rig.other());
    }

    private Sessions store(MongoDatabase database) {
        return new MongoSessions(database.documents("sessions"), rig.clock(), IDLE);
    }
}
