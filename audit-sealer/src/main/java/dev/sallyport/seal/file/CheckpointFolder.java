package dev.sallyport.seal.file;

import dev.sallyport.crypto.SignedNote;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Hash;
import dev.sallyport.seal.Seal;
import dev.sallyport.seal.verify.Damage;
import dev.sallyport.seal.verify.Damage.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Seals as files that are written once: {@code TOPIC-ID/PARTITION/DATE/NUMBER.checkpoint} is the signed note, and {@code
 * NUMBER.leaves} beside it the hashes of its records, one after the other, where it has any.
 */
public final class CheckpointFolder {

    private static final String NOTE = ".checkpoint";
    private static final String LEAVES = ".leaves";
    private static final String UNFINISHED = ".part";

    private final Path folder;

    public CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes a seal; does nothing if it is there.
     *
     * @throws FileAlreadyExistsException if another seal has its place
     */
    public void write(Seal seal) throws IOException {
        Path note = note(seal.checkpoint());
        byte[] text = seal.note().toString().getBytes(StandardCharsets.UTF_8);
        if (Files.exists(note)) {
            if (!Arrays.equals(Files.readAllBytes(note), text)) {
                throw new FileAlreadyExistsException(note + " is another checkpoint of that number");
            }
            return;
        }
        Files.createDirectories(note.getParent());
        if (!seal.leaves().isEmpty()) {
            write(beside(note, LEAVES), Hash.join(seal.leaves()));
        }
        write(note, text);
    }

    /** A file is there whole or not at all, whoever else writes it, and after the power was cut. */
    private static void write(Path file, byte[] content) throws IOException {
        Path unfinished =
                Files.createTempFile(file.getParent(), file.getFileName().toString(), UNFINISHED);
        Files.write(unfinished, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path beside(Path file, String ending) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
    }

    private Path note(Checkpoint checkpoint) {
        return folder.resolve(checkpoint.log().topicId())
                .resolve(Integer.toString(checkpoint.log().partition()))
                .resolve(
                        checkpoint.time().atOffset(ZoneOffset.UTC).toLocalDate().toString())
                .resolve(String.format(Locale.ROOT, "%012d", checkpoint.number()) + NOTE);
    }

    /** The highest number of a checkpoint of this partition, of whichever topic. */
    public OptionalLong newest(int partition) throws IOException {
        List<Path> days = days(partition);
        for (Path day : days.reversed()) {
            Optional<Path> newest = notes(List.of(day)).stream().reduce((_, last) -> last);
            if (newest.isPresent()) {
                return OptionalLong.of(number(newest.get()));
            }
        }
        return OptionalLong.empty();
    }

    /** The partitions of which there are seals. */
    public Set<Integer> partitions() throws IOException {
        Set<Integer> partitions = new TreeSet<>();
        for (Path topic : children(folder)) {
            for (Path partition : children(topic)) {
                String name = partition.getFileName().toString();
                if (name.matches("\\d{1,6}")) {
                    partitions.add(Integer.valueOf(name));
                }
            }
        }
        return partitions;
    }

    /**
     * The seals of a partition in the order of their numbers, one day in memory at a time.
     *
     * @param from not those that were made before
     * @param to not those that were made after
     * @param damages is told of files that are not what their names say
     */
    public Iterator<Seal> seals(int partition, Instant from, Instant to, Consumer<Damage> damages) throws IOException {
        String firstDay = from.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        String lastDay = to.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        List<String> dates = days(partition).stream()
                .map(day -> day.getFileName().toString())
                .filter(day -> day.compareTo(firstDay) >= 0 && day.compareTo(lastDay) <= 0)
                .distinct()
                .sorted()
                .toList();
        return dates.stream()
                .flatMap(date -> day(partition, date, damages))
                .filter(seal -> !seal.checkpoint().time().isBefore(from)
                        && !seal.checkpoint().time().isAfter(to))
                .iterator();
    }

    private Stream<Seal> day(int partition, String date, Consumer<Damage> damages) {
        try {
            List<Path> days = days(partition).stream()
                    .filter(day -> day.getFileName().toString().equals(date))
                    .toList();
            return notes(days).stream().flatMap(note -> read(partition, note, damages).stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Seal> read(int partition, Path note, Consumer<Damage> damages) {
        try {
            Optional<Seal> seal = SignedNote.parse(Files.readString(note))
                    .flatMap(text -> Seal.read(text, List.of()))
                    .map(bare -> new Seal(bare.checkpoint(), bare.note(), leaves(note)));
            if (seal.isEmpty()) {
                damages.accept(
                        new Damage(Kind.UNREADABLE, partition, number(note), "the file " + note + " is no checkpoint"));
            } else if (!note.equals(note(seal.get().checkpoint()))) {
                damages.accept(new Damage(
                        Kind.CHECKPOINT_REPLAYED,
                        partition,
                        seal.get().checkpoint().first(),
                        "the file %s holds checkpoint %d of %s"
                                .formatted(
                                        note,
                                        seal.get().checkpoint().number(),
                                        seal.get().checkpoint().log())));
                return Optional.empty();
            }
            return seal;
        } catch (IOException e) {
            damages.accept(
                    new Damage(Kind.UNREADABLE, partition, number(note), "the file " + note + " can't be read: " + e));
            return Optional.empty();
        }
    }

    /** None where they are not there, or not whole. */
    private static List<Hash> leaves(Path note) {
        Path file = beside(note, LEAVES);
        try {
            return Files.exists(file) ? Hash.split(Files.readAllBytes(file)) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The folders of a partition's days, of all topics, in the order of the days. */
    private List<Path> days(int partition) throws IOException {
        List<Path> days = new ArrayList<>();
        for (Path topic : children(folder)) {
            days.addAll(children(topic.resolve(Integer.toString(partition))));
        }
        days.sort(Comparator.comparing(day -> day.getFileName().toString()));
        return days;
    }

    private static List<Path> notes(List<Path> days) throws IOException {
        List<Path> notes = new ArrayList<>();
        for (Path day : days) {
            for (Path file : children(day)) {
                if (file.getFileName().toString().matches("\\d{12}\\" + NOTE)) {
                    notes.add(file);
                }
            }
        }
        notes.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return notes;
    }

    private static long number(Path note) {
        String name = note.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - NOTE.length()));
    }

    private static List<Path> children(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return Collections.emptyList();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.toList();
        }
    }
}
