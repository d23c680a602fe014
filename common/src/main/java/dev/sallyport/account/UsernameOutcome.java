package dev.sallyport.account;

/** What became of a name that someone asked for. Neither form prints what was typed: it may be a password. */
public sealed interface UsernameOutcome {

    record Accepted(Username username) implements UsernameOutcome {}

    record Refused(UsernameProblem problem) implements UsernameOutcome {}
}
