package dev.sallyport.dispatch.limit;

import java.time.Instant;

/**
 * That somebody set a switch.
 *
 * @param by who, in the words of the command: a name for the audit, nothing that proves anything
 */
public record Change(Switch what, String by, Instant at) {

    private static final int LONGEST_NAME = 100;

    public Change {
        if (by.isBlank() || by.length() > LONGEST_NAME) {
            throw new Switch.NoSuchSwitch("Say who sets the switch, in %d characters at most.".formatted(LONGEST_NAME));
        }
    }
}
