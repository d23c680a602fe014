package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.deploy.cluster.Cluster;
import dev.sallyport.deploy.cluster.Node;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.nio.file.Path;

/** Three brokers, a store and processes of all roles, behind a proxy and with Twilio's fake beside them. */
final class ClusterSite implements Site, AutoCloseable {

    /** Half the processor time until all are ready; what they do for seconds needs no better code. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private final FakeTwilio twilio = FakeTwilio.start();
    private final PathProxy proxy = new PathProxy(this::port);
    private final Cluster cluster;

    /** One login, one enrollment and so many dispatchers; nothing runs before the cluster is started. */
    ClusterSite(Path folder, int dispatchers) {
        cluster = new Cluster(folder, JarProcess.JAR.with(QUICK_START), role -> RoleSettings.of(role, url(), twilio));
        cluster.roles().add(Role.LOGIN);
        cluster.roles().add(Role.ENROLLMENT);
        for (int i = 0; i < dispatchers; i++) {
            cluster.roles().add(Role.SMS_DISPATCHER);
        }
    }

    Cluster cluster() {
        return cluster;
    }

    RoleNode dispatcher(int index) {
        return cluster.roles().of(Role.SMS_DISPATCHER).get(index);
    }

    private int port(Role role) {
        return cluster.roles().of(role).stream()
                .filter(Node::isAlive)
                .findFirst()
                .orElseThrow()
                .httpPort();
    }

    @Override
    public String url() {
        return "http://localhost:" + proxy.port();
    }

    @Override
    public FakeTwilio twilio() {
        return twilio;
    }

    @Override
    public void close() {
        cluster.close();
        proxy.close();
        twilio.close();
    }
}
