package dev.sallyport.account;

/** Why a new user name was refused. */
public enum UsernameProblem {
    TOO_SHORT("Use at least " + Username.MINIMUM + " characters for the user name."),
    TOO_LONG("Use at most " + Username.MAXIMUM + " characters for the user name."),
    SPACE_INSIDE("A user name has no spaces inside. Leave them out, or put a dot or a hyphen there."),
    UNSUITABLE_CHARACTER("This user name contains a character that can't be seen or typed reliably."
            + " Type it by hand, with letters, digits and ordinary punctuation.");

    private final String sentence;

    UsernameProblem(String sentence) {
        this.sentence = sentence;
    }

    /** For the person: calm, and it says what to do. */
    public String sentence() {
        return sentence;
    }
}
