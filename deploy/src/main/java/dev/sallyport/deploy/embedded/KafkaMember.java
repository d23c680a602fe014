package dev.sallyport.deploy.embedded;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * Which broker of which cluster a broker is. All of a cluster listen on 127.0.0.1, and each is a controller too.
 *
 * @param node its number
 * @param controllerPorts of every broker of the cluster, by number; empty for one that is alone, whose controller takes
 *     any port
 * @param clusterId which all of them share, so that none joins another cluster by a mistaken port
 */
public record KafkaMember(int node, SortedMap<Integer, Integer> controllerPorts, String clusterId) {

    private static final Pattern VOTER = Pattern.compile("(\\d{1,9})@127\\.0\\.0\\.1:(\\d{1,5})");

    /** The one broker of a cluster of one. */
    public static KafkaMember alone() {
        return new KafkaMember(1, new TreeMap<>(), Uuid.randomUuid().toString());
    }

    /**
     * One broker of several.
     *
     * @param voters all of them as Kafka writes them, {@code 1@127.0.0.1:9193,2@127.0.0.1:9293,…}
     * @param clusterId 22 characters, as Kafka makes them
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static KafkaMember of(int node, String voters, String clusterId) {
        SortedMap<Integer, Integer> ports = new TreeMap<>();
        for (String voter : voters.split(",", -1)) {
            Matcher parts = VOTER.matcher(voter);
            if (!parts.matches() || ports.put(number(parts, 1), number(parts, 2)) != null) {
                throw new IllegalArgumentException(
                        "\"%s\" is no list of brokers with their controllers' ports; write it as 1@127.0.0.1:9193,2@127.0.0.1:9293,3@127.0.0.1:9393."
                                .formatted(voters));
            }
        }
        if (!ports.containsKey(node)) {
            throw new IllegalArgumentException("There is no broker %d among %s.".formatted(node, voters));
        }
        try {
            Uuid.fromString(clusterId);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"%s\" is no id of a cluster; it has 22 characters, such as %s."
                            .formatted(clusterId, Uuid.randomUuid()),
                    e);
        }
        return new KafkaMember(node, ports, clusterId);
    }

    boolean isAlone() {
        return controllerPorts.isEmpty();
    }

    /** The port that its controller has to take; 0 for any. */
    int controllerPort() {
        return controllerPorts.getOrDefault(node, 0);
    }

    /** All brokers of the cluster as Kafka writes them; its own with the port that its controller has taken. */
    String voters(int ownPort) {
        return isAlone()
                ? voter(node, ownPort)
                : controllerPorts.entrySet().stream()
                        .map(one -> voter(one.getKey(), one.getValue()))
                        .collect(Collectors.joining(","));
    }

    /** How many copies Kafka keeps of its own topics. */
    int copies() {
        return controllerPorts.size() >= 3 ? 3 : 1;
    }

    private static String voter(int node, int port) {
        return "%d@127.0.0.1:%d".formatted(node, port);
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }
}
