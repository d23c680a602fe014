package dev.sallyport.deploy;

import dev.sallyport.event.kafka.TopicAdmin;
import dev.sallyport.event.kafka.TopicPlan;
import dev.sallyport.mongo.MongoRig;
import java.util.Map;

/** A store behind a cable that can be pulled out, and a broker with our topics. */
public final class CabledServers implements MongoRig.Servers {

    private final TcpProxy cable = new TcpProxy();
    private final String bootstrapServers;

    /** Applies the topics. */
    public CabledServers(int mongoPort, String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        cable.plugInto(mongoPort);
        try (TopicAdmin admin = new TopicAdmin(bootstrapServers, Map.of())) {
            admin.apply(TopicPlan.all(1));
        }
    }

    @Override
    public String mongoUri(String database) {
        return "mongodb://127.0.0.1:" + cable.port() + '/' + database;
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void cut() {
        cable.refuse();
    }

    @Override
    public void restore() {
        cable.restore();
    }
}
