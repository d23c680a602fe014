package dev.sallyport.deploy.cluster;

import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The jar and how Java runs it.
 *
 * @param java the program
 * @param options for Java, before {@code -jar}
 */
public record ProductJar(Path java, List<String> options, Path jar) {

    public ProductJar {
        options = List.copyOf(options);
    }

    /** A jar that is run by the Java of this JVM. */
    public static ProductJar at(Path jar, String... options) {
        return new ProductJar(Path.of(System.getProperty("java.home"), "bin", "java"), List.of(options), jar);
    }

    /**
     * The jar that this code is from, with the options that this JVM was started with.
     *
     * @throws ClusterFailed if this code is from no jar
     */
    public static ProductJar running() {
        Path jar;
        try {
            jar = Path.of(ProductJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (!Files.isRegularFile(jar)) {
            throw new ClusterFailed(
                    "Processes can only be started from the built jar, and this runs from " + jar
                            + ": build it with ./sallyport build.",
                    null);
        }
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return at(jar, options.toArray(String[]::new));
    }

    /** The same with further options for Java, which count more than the earlier ones. */
    public ProductJar with(String... more) {
        return new ProductJar(
                java, Stream.concat(options.stream(), Stream.of(more)).toList(), jar);
    }

    /** A process that sees this environment and nothing of this JVM's. */
    public ProcessBuilder process(Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(options);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }
}
