package dev.sallyport.deploy;

import dev.sallyport.deploy.cluster.FrontProxy;
import dev.sallyport.deploy.cluster.Node;
import dev.sallyport.deploy.cluster.RoleNode;
import dev.sallyport.deploy.cluster.ServerNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What every process of a cluster is doing, for a person to read. */
final class ClusterTable {

    private static final String FORM = "%-18s %-10s %8s %6s %8s %6s";
    /** Longer than a node that works takes to say so. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The processor time of a node when it was looked at last, and when that was, in nanoseconds. */
    private record Used(Duration cpu, long at) {}

    private final List<Node> nodes;
    private final FrontProxy front;
    private final Map<String, Used> used = new HashMap<>();

    ClusterTable(List<Node> nodes, FrontProxy front) {
        this.nodes = nodes;
        this.front = front;
    }

    /** A line for the columns' names, and one for each process. */
    synchronized List<String> lines() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        lines.add(FORM.formatted("", "state", "process", "port", "memory", "cpu"));
        Map<String, String> states = states();
        nodes.forEach(node -> lines.add(line(node, states.getOrDefault(node.name(), "silent"))));
        boolean up = front.isAlive();
        lines.add(FORM.formatted("haproxy", up ? "up" : "down", up ? front.pid() : "", front.port(), "", ""));
        return lines;
    }

    /** The state of each by its name: {@code ready}, {@code starting}, {@code down}; nothing of one that does not answer. */
    Map<String, String> states() throws InterruptedException {
        Map<String, String> states = new HashMap<>();
        try (ExecutorService places = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> questions = nodes.stream()
                    .<Callable<String>>map(node -> () -> state(node))
                    .toList();
            List<Future<String>> answers = places.invokeAll(questions, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < answers.size(); i++) {
                if (!answers.get(i).isCancelled()) {
                    states.put(nodes.get(i).name(), answers.get(i).get());
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return states;
    }

    private static String state(Node node) {
        if (!node.isAlive()) {
            return "down";
        }
        return node.isReady() ? "ready" : "starting";
    }

    private String line(Node node, String state) {
        String port =
                switch (node) {
                    case RoleNode role when role.servesPages() -> Integer.toString(role.httpPort());
                    case RoleNode _ -> "";
                    case ServerNode server -> Integer.toString(server.port());
                };
        try {
            return node.isAlive()
                    ? FORM.formatted(node.name(), state, node.pid(), port, memory(node), cpu(node))
                    : down(node, port);
        } catch (IllegalStateException | UncheckedIOException e) {
            // It has ended while it was looked at.
            return down(node, port);
        }
    }

    private static String down(Node node, String port) {
        return FORM.formatted(node.name(), "down", "", port, "", "");
    }

    private static String memory(Node node) {
        return node.residentBytes() / (1 << 20) + " MB";
    }

    /** Of one processor, since it was looked at last. */
    private String cpu(Node node) {
        Used now = new Used(node.cpu(), System.nanoTime());
        Used before = used.put(node.name(), now);
        if (before == null || now.cpu().compareTo(before.cpu()) < 0) {
            return "";
        }
        long share = 100 * now.cpu().minus(before.cpu()).toNanos() / Math.max(1, now.at() - before.at());
        return share + " %";
    }
}
