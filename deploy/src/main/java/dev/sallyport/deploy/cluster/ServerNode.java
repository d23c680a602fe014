package dev.sallyport.deploy.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker or a store. It has no health to be asked for; it says that it is up once it serves clients. */
public final class ServerNode extends Node {

    private final int port;

    ServerNode(
            String name,
            Path folder,
            ProductJar jar,
            Map<String, String> environment,
            List<String> arguments,
            int port) {
        super(name, folder, jar, environment, arguments);
        this.port = port;
    }

    /** Where clients connect, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** True once it serves clients; a broker is then one of its cluster again. */
    @Override
    public boolean isReady() {
        return isAlive() && out().contains(" is up: ");
    }
}
