package dev.sallyport.deploy;

import static io.vertx.core.Future.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Opens the ports of a process's servers. */
final class Servers {

    private final Lifecycle lifecycle;

    Servers(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** Port 0 would give each instance of a server a port of its own. */
    static int port(int configured, String host, String setting) {
        if (configured != 0) {
            return configured;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartFailed("No port is free on " + host + "; set " + setting + ".", e);
        }
    }

    /**
     * Waits until a server listens, and stops it with everything else.
     *
     * @param setting names the port for operators
     * @throws StartFailed if the port can't be opened
     */
    void listen(Vertx vertx, Future<String> deploying, int port, String setting) {
        try {
            String deployment = await(deploying);
            lifecycle.started(setting, () -> undeploy(vertx, deployment));
        } catch (Exception e) {
            throw new StartFailed(
                    "Port %d can't be opened (%s): stop what uses it, or set %s to a free port."
                            .formatted(port, e.getMessage(), setting),
                    e);
        }
    }

    /** Vert.x has undeployed the servers already when it stops this verticle, but not when a start failed. */
    private static void undeploy(Vertx vertx, String deployment) {
        if (vertx.deploymentIDs().contains(deployment)) {
            await(vertx.undeploy(deployment));
        }
    }
}
