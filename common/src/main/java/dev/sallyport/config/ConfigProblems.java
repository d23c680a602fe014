package dev.sallyport.config;

import dev.sallyport.ExpectedFailure;
import java.util.List;

/** The configuration can't be used; lists everything that is wrong with it, one sentence each. */
public final class ConfigProblems extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public ConfigProblems(List<String> problems) {
        super("The configuration can't be used:\n  - " + String.join("\n  - ", problems), null);
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
