package dev.sallyport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads on single addresses, by wrk. */
final class Wrk {

    static final int SECONDS = 4;
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1_000.0);

    /**
     * Between two requests of one connection; as short as wrk can. With ten times as long there are hundreds of
     * connections, and wrk is busy with their timers: then a bare server's 99th percentile is 5 ms as well.
     */
    private static final int PAUSE_MILLIS = 2;
    /** With wrk's being late for the next request, and the answer to this one. */
    private static final int PAUSE_AND_ANSWER_MILLIS = 3;

    private Wrk() {}

    /** Requests a second, and the server's processor time for one, in microseconds. */
    record Rate(double perSecond, double micros) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.0f/s at %.0f µs", perSecond, micros);
        }
    }

    /** What a server answers at most, with 16 connections. */
    static Rate rate(Part server, String url, String... more) {
        long before = server.cpu();
        double perSecond = perSecond(output(SECONDS, 16, url, more));
        return new Rate(perSecond, (server.cpu() - before) / 1e3 / (perSecond * SECONDS));
    }

    /** Requests a second with so many connections for so long; any other answer than success is an error. */
    static double perSecond(int seconds, int connections, String url, String... more) {
        return perSecond(output(seconds, connections, url, more));
    }

    /** The 99th percentile of the time for an answer, in ms, and how many there were a second. */
    record Calm(double p99, double perSecond) {}

    /** What a server does about so many requests a second, give or take a few. */
    static Calm calm(double perSecond, String url, String... more) {
        int connections = (int) Math.max(1, perSecond * PAUSE_AND_ANSWER_MILLIS / 1_000);
        List<String> all = new ArrayList<>(List.of("--latency", "-s", pausing(PAUSE_MILLIS)));
        all.addAll(List.of(more));
        String output = output(SECONDS, connections, url, all.toArray(String[]::new));
        Matcher p99 = P99.matcher(output);
        if (!p99.find()) {
            throw new IllegalStateException("wrk tells no 99th percentile");
        }
        double millis = Double.parseDouble(p99.group(1)) * MILLIS.getOrDefault(p99.group(2), 0.0);
        return new Calm(millis, perSecond(output));
    }

    private static double perSecond(String output) {
        Matcher rate = RATE.matcher(output);
        if (!rate.find()) {
            throw new IllegalStateException("wrk: " + output);
        }
        return Double.parseDouble(rate.group(1));
    }

    private static String output(int seconds, int connections, String url, String... more) {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s"));
        command.addAll(List.of(more));
        command.add(url);
        String output = Part.output(command);
        if (output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IllegalStateException("wrk: " + output);
        }
        return output;
    }

    /** A script by which each connection waits so long before its next request. */
    static String pausing(int millis) {
        return script("function delay() return " + millis + " end");
    }

    /** The file of a script. */
    static String script(String lua) {
        try {
            Path file = Files.createTempFile("wrk-", ".lua");
            Files.writeString(file, lua + "\n");
            file.toFile().deleteOnExit();
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
