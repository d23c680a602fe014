package dev.sallyport.deploy.imports;

import dev.sallyport.FactorType;
import dev.sallyport.Ids;
import dev.sallyport.account.Account;
import dev.sallyport.account.Account.App;
import dev.sallyport.account.Account.Phone;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.UserStore;
import dev.sallyport.account.Username;
import dev.sallyport.account.UsernameOutcome;
import dev.sallyport.account.UsernameProblem;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.audit.AuditType;
import dev.sallyport.password.StoredHash;
import dev.sallyport.phone.PhoneOutcome;
import dev.sallyport.phone.PhoneProblem;
import dev.sallyport.phone.PhoneRules;
import dev.sallyport.totp.TotpSecret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads accounts in the format of the original application, one JSON document a line. A line is added as a whole or not
 * at all, and an account that was added before is left as it is, so a file can be read again after its bad lines were
 * mended.
 */
public final class AccountImport {

    /** What became of one line. */
    public sealed interface Outcome {}

    public record Added() implements Outcome {}

    /** There is nothing in the line. */
    public record Blank() implements Outcome {}

    /** An earlier run has added it. */
    public record AlreadyThere() implements Outcome {}

    /** Nothing was added; the reason tells no secret of the line. */
    public record Bad(String reason) implements Outcome {}

    /** A line that can't be imported. */
    private static final class BadLine extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;

        BadLine(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }

    private final UserStore users;
    private final PhoneRules phones;
    private final AuditEvents events;
    private final Clock clock;
    private final Ids ids;
    private final Map<String, Integer> seen = new HashMap<>();

    public AccountImport(UserStore users, PhoneRules phones, AuditEvents events, Clock clock, Ids ids) {
        this.users = users;
        this.phones = phones;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Adds the account of one line.
     *
     * @param number the line's number, for naming it where another line repeats its user name
     */
    public Outcome line(int number, String line) {
        if (line.isBlank()) {
            return new Blank();
        }
        try {
            Account account = account(line);
            Integer earlier = seen.putIfAbsent(account.username().folded(), number);
            if (earlier != null) {
                return new Bad("uid is the same user name as in line " + earlier);
            }
            return add(account);
        } catch (BadLine e) {
            return new Bad(e.reason);
        }
    }

    private Outcome add(Account account) {
        AuditEvent imported =
                events.byOperator(account.subject(), AuditType.ACCOUNT_IMPORTED).withFactors(secondFactors(account));
        if (users.create(account, List.of(imported))) {
            return new Added();
        }
        boolean before =
                users.find(account.username().folded()).map(Account::imported).orElse(false);
        return before ? new AlreadyThere() : new Bad("uid is taken by an account that was not imported");
    }

    private static List<FactorType> secondFactors(Account account) {
        return Stream.of(FactorType.APP, FactorType.PHONE).filter(account::has).toList();
    }

    private Account account(String line) {
        JsonObject json = json(line);
        return new Account(
                new AccountId(ids.next()),
                username(text(json, "uid")),
                passwordHash(text(json, "password_hash")),
                flag(json, "totp_enabled_via_app") ? Optional.of(app(text(json, "totp_secret"))) : Optional.empty(),
                Optional.empty(),
                flag(json, "totp_enabled_via_sms") ? Optional.of(phone(text(json, "phone_number"))) : Optional.empty(),
                clock.instant(),
                true);
    }

    private static JsonObject json(String line) {
        try {
            // What is no document but a number, a list or null fails here or comes as nothing.
            Object document = Json.decodeValue(line);
            if (document instanceof JsonObject json) {
                return json;
            }
        } catch (DecodeException e) {
            // Told below, without the parser's message, which quotes the line.
        }
        throw new BadLine("not a JSON document");
    }

    private static String text(JsonObject json, String field) {
        if (json.getValue(field) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new BadLine(field + " is missing or not a text");
    }

    private static boolean flag(JsonObject json, String field) {
        Object value = json.getValue(field);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new BadLine(field + " is neither true nor false");
    }

    private static Username username(String uid) {
        return switch (Username.parse(uid)) {
            case UsernameOutcome.Accepted accepted -> accepted.username();
            case UsernameOutcome.Refused refused -> throw new BadLine("uid " + reason(refused.problem()));
        };
    }

    private static String reason(UsernameProblem problem) {
        return switch (problem) {
            case TOO_SHORT -> "is shorter than " + Username.MINIMUM + " characters";
            case TOO_LONG -> "is longer than " + Username.MAXIMUM + " characters";
            case SPACE_INSIDE -> "has a space inside";
            case UNSUITABLE_CHARACTER -> "has a character that can't be seen or typed reliably";
        };
    }

    private static String passwordHash(String hash) {
        return StoredHash.parse(hash)
                .filter(StoredHash.Bcrypt.class::isInstance)
                .map(bcrypt -> hash)
                .orElseThrow(
                        () -> new BadLine("password_hash is not a bcrypt hash ($2a$, $2b$ or $2y$) of cost 4 to 16"));
    }

    private App app(String base32) {
        TotpSecret secret = TotpSecret.parse(base32)
                .orElseThrow(() -> new BadLine("totp_secret is not base32 of 16 to 103 characters"));
        return new App(secret, 0, 0, clock.instant());
    }

    private Phone phone(String typed) {
        return switch (phones.parse(typed)) {
            case PhoneOutcome.Accepted accepted -> new Phone(accepted.number(), accepted.region(), 0, clock.instant());
            case PhoneOutcome.Refused refused -> throw new BadLine("phone_number " + reason(refused.problem()));
        };
    }

    private static String reason(PhoneProblem problem) {
        return switch (problem) {
            case NOT_A_NUMBER -> "is not a phone number";
            case HAS_EXTENSION -> "has an extension, which text messages don't reach";
            case NOT_VALID -> "is a number that no phone in that region has";
            case REGION_NOT_SERVED -> "is of a region that is not among SALLYPORT_PHONE_REGIONS";
            case NOT_MOBILE -> "is not of a mobile phone";
        };
    }
}
