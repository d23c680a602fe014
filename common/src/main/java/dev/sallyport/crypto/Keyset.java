package dev.sallyport.crypto;

import dev.sallyport.Role;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The keysets of the platform, and which roles hold them. */
public enum Keyset {
    /** Encrypts authenticator seeds and phone numbers at rest. */
    ACCOUNT_DATA(
            "account-data",
            Kind.AEAD,
            "Run ./sallyport keys reencrypt account-data, and retire the old key when it finds no value left."),
    /** Keeps a six-digit code from being found by trying all of them on a stolen database. */
    CODE_PEPPER("code-pepper", Kind.MAC, "Retire the old key after 10 minutes: codes live 5."),
    /** Turns a phone number into the key of its records. */
    PHONE_KEY("phone-key", Kind.PRF, "Retire the old key after 7 days: no topic keyed by phone holds older records."),
    /** Signs tokens that a browser carries for a short time. */
    WEB_TOKENS("web-tokens", Kind.MAC, "Retire the old key after a day: older pages must be loaded again."),
    /** Turns addresses and user names into the keys of throttle records. */
    LOOKUP("lookup", Kind.PRF, "Retire the old key after 30 days: older throttle records have run out."),
    /** Seals a code and its phone number to the dispatcher. */
    SEALING("sealing", Kind.HYBRID, "Retire the old key after an hour: send events live 15 minutes."),
    /** Signs what the login role tells dispatchers. */
    LOGIN_SIGNING("login-signing", Kind.SIGNATURE, "Retire the old key after 3 hours: what it signed lives up to 2."),
    /** Signs what the enrollment role tells dispatchers. */
    ENROLLMENT_SIGNING(
            "enrollment-signing", Kind.SIGNATURE, "Retire the old key after 3 hours: what it signed lives up to 2."),
    /** Signs who asks, for the applications of protected sites. */
    ASSERTION("assertion", Kind.TOKEN, "Retire the old key after 10 minutes: what it signed lives for one."),
    /** Marks what dispatchers tell one another, and hides the numbers that it is about. */
    DISPATCH_LOG(
            "dispatch-log", Kind.MAC, "Retire the old key after 27 hours: a dispatcher that starts reads sums of 26."),
    /** Signs the checkpoints of the audit stream. */
    AUDIT_SEAL(
            "audit-seal",
            Kind.SIGNATURE,
            "Never retire the old key unless it leaked: what it sealed is checked with it. Give auditors the new one"
                    + " (./sallyport audit key).");

    private static final Set<Role> WEB = Set.of(Role.LOGIN, Role.ENROLLMENT);
    private static final Set<Role> DISPATCHER = Set.of(Role.SMS_DISPATCHER);
    private static final Set<Role> SEALER = Set.of(Role.AUDIT_SEALER);

    private final String text;
    private final Kind kind;
    private final String retirement;

    Keyset(String text, Kind kind, String retirement) {
        this.text = text;
        this.kind = kind;
        this.retirement = retirement;
    }

    /**
     * Reads the form that {@link #toString} gives.
     *
     * @throws IllegalArgumentException with the list of keysets, when {@code text} is none of them
     */
    public static Keyset of(String text) {
        for (Keyset keyset : values()) {
            if (keyset.text.equals(text)) {
                return keyset;
            }
        }
        String known = Arrays.stream(values()).map(Keyset::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("There is no keyset \"%s\"; choose from: %s.".formatted(text, known));
    }

    public Kind kind() {
        return kind;
    }

    /** Who may hold the secret half, or the public half; a role holds nothing that is not listed here. */
    Set<Role> holders(boolean publicHalf) {
        return switch (this) {
            case ACCOUNT_DATA, CODE_PEPPER, PHONE_KEY, WEB_TOKENS, LOOKUP -> publicHalf ? Set.of() : WEB;
            case SEALING -> publicHalf ? WEB : DISPATCHER;
            case LOGIN_SIGNING -> publicHalf ? DISPATCHER : Set.of(Role.LOGIN);
            case ENROLLMENT_SIGNING -> publicHalf ? DISPATCHER : Set.of(Role.ENROLLMENT);
            // Login also tells the public half to whoever asks.
            case ASSERTION -> Set.of(Role.LOGIN);
            case DISPATCH_LOG -> publicHalf ? Set.of() : DISPATCHER;
            // The public half as well: a sealer goes on only after a checkpoint of its own kind.
            case AUDIT_SEAL -> SEALER;
        };
    }

    /** When the keys before the primary may go, as a sentence for the operator. */
    String retirement() {
        return retirement;
    }

    /** The form of commands and file names: {@code account-data}. */
    @Override
    public String toString() {
        return text;
    }
}
