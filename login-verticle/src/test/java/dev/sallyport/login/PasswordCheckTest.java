package dev.sallyport.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.AccountId;
import dev.sallyport.account.Username;
import dev.sallyport.audit.AuditEvents;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.password.HashingOverloaded;
import dev.sallyport.password.Password;
import dev.sallyport.password.PasswordHasher;
import dev.sallyport.password.Verification;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a right password, and of the attempt, when the hashing pool fills up between one hash and the next. */
class PasswordCheckTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-06T07:08:09Z"), ZoneOffset.UTC);
    private static final Visitor VISITOR = new Visitor("203.0.113.1", "a browser", "0".repeat(32));
    private static final Password PASSWORD = Password.typed("a quiet harbour at dawn");
    private static final String IMPORTED = "$2b$10$" + "a".repeat(53);

    @TempDir
    Path keys;

    private final OneAccount users = new OneAccount(Account.create(
            new AccountId("somebody's"), new Username("somebody", "somebody"), IMPORTED, CLOCK.instant()));
    private final TellingLimiter limiter = new TellingLimiter();
    private final Pool pool = new Pool();

    @Test
    void anOutdatedHashIsReplacedByTheWay() {
        assertInstanceOf(PasswordCheck.Right.class, check());
        assertEquals("current", users.account().passwordHash());
    }

    @Test
    void aRightPasswordCountsAlsoWhereThereIsNoRoomToReplaceItsHash() {
        pool.roomForHashing = false;
        assertInstanceOf(PasswordCheck.Right.class, check());
        assertEquals(IMPORTED, users.account().passwordHash());
        assertEquals(List.of("succeeded"), limiter.told());
    }

    @Test
    void anAttemptThatCouldNotBeMadeCountsForNothing() {
        pool.roomForVerifying = false;
        assertThrows(HashingOverloaded.class, this::check);
        assertEquals(List.of("withdrawn"), limiter.told());
    }

    @Test
    void whereThereIsNoRoomAtAllNothingElseIsDone() {
        pool.room = false;
        assertThrows(HashingOverloaded.class, this::check);
        assertEquals(List.of(), limiter.told());
        assertEquals(0, users.reads());
    }

    private PasswordCheck.Result check() {
        new KeyFolder(keys).init();
        Lookup lookup = new Lookup(Keyring.open(keys, EnumSet.allOf(Role.class)));
        AuditEvents events = new AuditEvents(CLOCK, new Ids(CLOCK, new SecureRandom()));
        return new PasswordCheck(users, pool, limiter, new RefusalFloor(Duration.ofMillis(1)), events, lookup)
                .check("somebody", PASSWORD, VISITOR, "sign-in", Optional.empty());
    }

    /** Hashes nothing: every password is right, and every hash but {@code current} outdated. */
    private static final class Pool implements PasswordHasher {
        private boolean room = true;
        private boolean roomForVerifying = true;
        private boolean roomForHashing = true;

        @Override
        public void requireRoom() {
            require(room);
        }

        @Override
        public String hash(Password password) {
            require(roomForHashing);
            return "current";
        }

        @Override
        public Verification verify(Password password, String storedHash) {
            require(roomForVerifying);
            return new Verification(true, !storedHash.equals("current"), Duration.ZERO);
        }

        @Override
        public Verification verifyNobody(Password password) {
            throw new AssertionError("the account is there");
        }

        private static void require(boolean room) {
            if (!room) {
                throw new HashingOverloaded(Duration.ofSeconds(1));
            }
        }
    }
}
