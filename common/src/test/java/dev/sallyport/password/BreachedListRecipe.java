package dev.sallyport.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes {@code breached-passwords.bin}; the README beside it says from what. Folds and hashes with the product's own
 * code, so that the list and the look-up can't drift apart.
 */
final class BreachedListRecipe {

    private BreachedListRecipe() {}

    /** @param args the list of the most common passwords, the folder of the long ones, the file to write */
    public static void main(String[] args) throws IOException {
        var keys = new TreeSet<byte[]>(Arrays::compareUnsigned);
        var lengths = new TreeMap<String, Integer>();
        try (Stream<String> common = lines(Path.of(args[0]));
                Stream<Path> folder = Files.walk(Path.of(args[1]))) {
            Stream<String> allLong = folder.filter(Files::isRegularFile).flatMap(BreachedListRecipe::lines);
            Stream.concat(
                            common.filter(text -> length(text) >= PasswordRules.MINIMUM_WITH_SECOND_FACTOR),
                            allLong.filter(text -> length(text) >= PasswordRules.MINIMUM_ALONE))
                    .filter(text -> keys.add(BundledPasswords.key(Password.typed(text))))
                    .forEach(text -> lengths.merge(bracket(length(text)), 1, Integer::sum));
        }
        try (var out = Files.newOutputStream(Path.of(args[2]))) {
            for (byte[] key : keys) {
                out.write(key);
            }
        }
        System.out.println(keys.size() + " passwords by length: " + lengths);
    }

    private static int length(String text) {
        return Password.typed(text).characters();
    }

    private static String bracket(int length) {
        return length < 10 ? "8-9" : length < 15 ? "10-14" : "15 and more";
    }

    private static Stream<String> lines(Path file) {
        try {
            // Not Files.lines: a password may hold any character but the line feed.
            return Arrays.stream(Files.readString(file, UTF_8).split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
