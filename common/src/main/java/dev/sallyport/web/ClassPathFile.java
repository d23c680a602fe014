package dev.sallyport.web;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Files that are part of the jar. */
final class ClassPathFile {

    private ClassPathFile() {}

    static byte[] read(String path) {
        try (var in = ClassPathFile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not on the class path; build sallyport-common again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read from the class path; is the jar whole?", e);
        }
    }
}
