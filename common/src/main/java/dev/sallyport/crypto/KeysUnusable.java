package dev.sallyport.crypto;

import dev.sallyport.ExpectedFailure;
import java.util.List;

/** The keys folder is not as it must be. Stops a start or a command; each problem is a sentence that says what to do. */
public final class KeysUnusable extends ExpectedFailure {

    private final transient List<String> problems;

    // No cause: a parser's message may quote the file, and the file is a key.
    KeysUnusable(List<String> problems) {
        super(String.join("\n", problems), null);
        this.problems = List.copyOf(problems);
    }

    KeysUnusable(String problem) {
        this(List.of(problem));
    }

    public List<String> problems() {
        return problems;
    }
}
