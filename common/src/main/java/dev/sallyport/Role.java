package dev.sallyport;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A part that a process can play; {@code --roles} picks them, and a process holds the secrets of its roles only. */
public enum Role {
    LOGIN("login", true),
    ENROLLMENT("enrollment", true),
    SMS_DISPATCHER("sms-dispatcher", false),
    AUDIT_SEALER("audit-sealer", false);

    private final String text;
    private final boolean web;

    Role(String text, boolean web) {
        this.text = text;
        this.web = web;
    }

    /** True for a role that shows people pages, from the accounts and sessions in MongoDB. */
    public boolean isWeb() {
        return web;
    }

    /**
     * Reads the form that {@link #toString} gives.
     *
     * @throws IllegalArgumentException with the list of roles, when {@code text} is none of them
     */
    public static Role of(String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return role;
            }
        }
        String known = Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("There is no role \"%s\"; choose from: %s.".formatted(text, known));
    }

    /** The form of configuration, commands and logs: {@code sms-dispatcher}. */
    @Override
    public String toString() {
        return text;
    }
}
