package dev.sallyport.deploy.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Names a process, so that another JVM finds it: a line with its number and one with when it started, which tells it from
 * a later process that was given the same number.
 */
public record PidFile(Path file) {

    /** The kernel tells starts as seconds since its own, whose time changes a little when the clock is set. */
    private static final Duration SAME = Duration.ofSeconds(10);

    void write(ProcessHandle process) {
        try {
            Files.write(
                    file,
                    List.of(
                            Long.toString(process.pid()),
                            process.info().startInstant().orElse(Instant.EPOCH).toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process, unless it has ended or none was started. */
    public Optional<ProcessHandle> running() {
        try {
            List<String> lines = Files.readAllLines(file);
            Instant started = Instant.parse(lines.get(1));
            return ProcessHandle.of(Long.parseLong(lines.getFirst())).filter(process -> isThatOne(process, started));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThatOne(ProcessHandle process, Instant started) {
        Instant itsStart = process.info().startInstant().orElse(Instant.EPOCH);
        return Duration.between(itsStart, started).abs().compareTo(SAME) < 0;
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
