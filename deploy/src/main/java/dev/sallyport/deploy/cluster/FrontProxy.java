package dev.sallyport.deploy.cluster;

import dev.sallyport.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * HAProxy in front of a cluster's web roles: one site, whichever of its nodes live. Its configuration is what containers
 * get, with the addresses of processes.
 */
public final class FrontProxy implements AutoCloseable {

    private static final String PROGRAM = "haproxy";
    private static final String TEMPLATE = "haproxy.cfg";
    /** What is added where sites are protected. */
    private static final String AUTHZ = "haproxy-authz.cfg";

    private final Path folder;
    private final int port;
    private final int authzPort;
    private final RoleNodes roles;
    private final int phonesPort;
    private @Nullable Process process;

    /**
     * Starts nothing.
     *
     * @param folder for configuration and log
     * @param port of the site
     * @param authzPort where proxies of protected sites ask, if there are any
     * @param phonesPort where the phone screen is served
     */
    public FrontProxy(Path folder, int port, int authzPort, RoleNodes roles, int phonesPort) {
        this.folder = folder;
        this.port = port;
        this.authzPort = authzPort;
        this.roles = roles;
        this.phonesPort = phonesPort;
    }

    /**
     * Looks for what would keep one from starting, before anything else is started in vain.
     *
     * @param port of the site
     * @param authzPort where proxies of protected sites ask, if there are any
     * @throws ClusterFailed if there is no such program, or a port is taken
     */
    public static void check(int port, OptionalInt authzPort) {
        mustBeFree(port, "--port takes another.");
        authzPort.ifPresent(asked -> mustBeFree(asked, "SALLYPORT_AUTHZ_PORT takes another."));
        try {
            Children.start(program("-v").redirectOutput(ProcessBuilder.Redirect.DISCARD));
        } catch (ClusterFailed e) {
            throw new ClusterFailed(
                    "A cluster needs HAProxy in front; install it (on Debian: apt-get install haproxy).", e);
        }
    }

    private static void mustBeFree(int port, String otherwise) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return;
        } catch (IOException e) {
            throw new ClusterFailed("Port %d is taken; %s".formatted(port, otherwise), e);
        }
    }

    /**
     * Starts it, and waits until it takes connections.
     *
     * @throws ClusterFailed if it does not come up
     */
    public void start(Duration atMost) throws InterruptedException {
        Path log = folder.resolve("haproxy.log");
        try {
            Files.createDirectories(folder);
            Path configuration = folder.resolve(TEMPLATE);
            Files.writeString(configuration, configuration());
            process = Children.start(
                    program("-db", "-f", configuration.toString()).redirectOutput(log.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long end = System.nanoTime() + atMost.toNanos();
        while (!takesConnections() || !process.isAlive()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new ClusterFailed("HAProxy does not come up; %s says why.".formatted(log), null);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static ProcessBuilder program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String configuration() throws IOException {
        Map<String, String> values = Map.of(
                "PORT", Integer.toString(port),
                "PHONES", "    server phones 127.0.0.1:" + phonesPort,
                "LOGIN", servers(roles.of(Role.LOGIN), RoleNode::httpPort),
                "ENROLLMENT", servers(roles.of(Role.ENROLLMENT), RoleNode::httpPort),
                "AUTHZ_PORT", Integer.toString(authzPort),
                "AUTHZ", servers(asked(), node -> node.authzPort().orElseThrow()));
        String text = asked().isEmpty() ? template(TEMPLATE) : template(TEMPLATE) + template(AUTHZ);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    /** The nodes that proxies of protected sites ask; none where no site is protected. */
    private List<RoleNode> asked() {
        return roles.of(Role.LOGIN).stream()
                .filter(node -> node.authzPort().isPresent())
                .toList();
    }

    private static String servers(List<RoleNode> nodes, ToIntFunction<RoleNode> port) {
        return nodes.stream()
                .map(node -> "    server %s 127.0.0.1:%d check port %d"
                        .formatted(node.name(), port.applyAsInt(node), node.managementPort()))
                .collect(Collectors.joining("\n"));
    }

    /** All that there may be. */
    static String template() throws IOException {
        return template(TEMPLATE) + template(AUTHZ);
    }

    private static String template(String name) throws IOException {
        try (InputStream in = FrontProxy.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The port of the site. */
    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Its process's number; 0 before it was started. */
    public long pid() {
        return process == null ? 0 : process.pid();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
