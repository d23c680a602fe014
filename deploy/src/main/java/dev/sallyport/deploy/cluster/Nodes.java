package dev.sallyport.deploy.cluster;

import java.util.List;

/** What is done to several processes at once. */
final class Nodes {

    private Nodes() {}

    /** SIGTERM to those that run; returns when they have ended. */
    static void stop(List<? extends Node> nodes) throws InterruptedException {
        List<? extends Node> running = nodes.stream().filter(Node::isAlive).toList();
        running.forEach(Node::terminate);
        for (Node node : running) {
            node.awaitEnd(Node.STOP_LIMIT);
        }
    }
}
