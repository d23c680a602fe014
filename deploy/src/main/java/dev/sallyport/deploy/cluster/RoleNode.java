package dev.sallyport.deploy.cluster;

import dev.sallyport.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A process that runs roles, as {@code up} does, on ports of its own. */
public final class RoleNode extends Node {

    static final String AUTHZ_PORT = "SALLYPORT_AUTHZ_PORT";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final int httpPort;
    private final int managementPort;

    /** @param environment all of it but the ports */
    public RoleNode(String name, Path folder, ProductJar jar, Map<String, String> environment, Ports ports) {
        this(name, folder, jar, environment, ports.take(), ports.take());
    }

    private RoleNode(
            String name,
            Path folder,
            ProductJar jar,
            Map<String, String> environment,
            int httpPort,
            int managementPort) {
        super(name, folder, jar, withPorts(environment, httpPort, managementPort), List.of("up"));
        this.httpPort = httpPort;
        this.managementPort = managementPort;
    }

    private static Map<String, String> withPorts(Map<String, String> environment, int http, int management) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("SALLYPORT_HTTP_PORT", Integer.toString(http));
        all.put("SALLYPORT_MANAGEMENT_PORT", Integer.toString(management));
        return all;
    }

    /** True if it has a web role. */
    public boolean servesPages() {
        return Role.of(String.valueOf(environment().get("SALLYPORT_ROLES"))).isWeb();
    }

    /** The port of its pages, if it has a web role. */
    public int httpPort() {
        return httpPort;
    }

    /** Where a browser on this machine finds its pages, without a slash at the end. */
    public String url() {
        return "http://localhost:" + httpPort;
    }

    public int managementPort() {
        return managementPort;
    }

    /** The port on which proxies ask; empty where no site is protected. */
    public OptionalInt authzPort() {
        String port = environment().get(AUTHZ_PORT);
        return port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port));
    }

    @Override
    public boolean isReady() {
        return isAlive() && status("/health/ready") == 200;
    }

    /** What the management port answers to a path: the HTTP status, or 0 while nothing answers. */
    public int status(String path) {
        return ask(path).map(HttpResponse::statusCode).orElse(0);
    }

    /** The body of the same answer; empty while nothing answers. */
    public String body(String path) {
        return ask(path).map(HttpResponse::body).orElse("");
    }

    private Optional<HttpResponse<String>> ask(String path) {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return Optional.of(HTTP.send(question, BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
