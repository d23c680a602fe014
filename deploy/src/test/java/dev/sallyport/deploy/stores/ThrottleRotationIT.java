package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.KeyRotation;
import dev.sallyport.crypto.KeyRotation.Stage;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.crypto.Lookup;
import dev.sallyport.mongo.MongoRig;
import dev.sallyport.testing.StoreContract;
import dev.sallyport.throttle.DelayRules;
import dev.sallyport.throttle.RateLimiter;
import dev.sallyport.throttle.RateLimiter.Admission;
import dev.sallyport.throttle.RateLimiter.Admitted;
import dev.sallyport.throttle.RateLimiter.Allowance;
import dev.sallyport.throttle.RateLimiter.Attempt;
import dev.sallyport.throttle.RateLimiter.Delayed;
import dev.sallyport.throttle.RateLimiter.Door;
import dev.sallyport.throttle.RateLimiter.Use;
import dev.sallyport.throttle.mongo.MongoRateLimiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rotation of the lookup keys gives nobody a new budget, and takes nobody's usual place away. */
class ThrottleRotationIT extends StoreContract {

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final Allowance SOMETHING = new Allowance("something", 3, Duration.ofHours(1));

    @TempDir
    private Path keys;

    private final MongoRig rig = EmbeddedRig.shared();
    private Keyring keyring;
    private RateLimiter limiter;
    private Attempt attempt;

    @Override
    protected MongoRig rig() {
        return rig;
    }

    @BeforeEach
    void withKeysOfItsOwn() {
        new KeyFolder(keys).init();
        keyring = Keyring.open(keys, EnumSet.allOf(Role.class));
        limiter = new MongoRateLimiter(rig.database().documents("throttles"), new Lookup(keyring), rig.clock());
        attempt = new Attempt(Door.SECOND_FACTOR, given.id(), given.id());
    }

    private void stage(Stage stage) {
        new KeyRotation(keys).run(Keyset.LOOKUP, stage);
        assertEquals(List.of("lookup"), keyring.reload().reread());
    }

    private void rotate() {
        stage(Stage.ADD);
        stage(Stage.PROMOTE);
    }

    private AuditEvent event() {
        return given.event(new Subject(given.id(), "Somebody"), AuditType.THROTTLED);
    }

    private Admission admit(Attempt attempt) {
        return rig.call(() -> limiter.admit(attempt, this::event));
    }

    private Admitted admitted(Attempt attempt) {
        return assertInstanceOf(Admitted.class, admit(attempt));
    }

    private void failed(Attempt attempt) {
        Admitted admitted = admitted(attempt);
        rig.call(() -> {
            limiter.failed(admitted, List.of());
            return true;
        });
    }

    private void succeeded(Attempt attempt) {
        limiter.succeeded(admitted(attempt));
        rig.settle();
    }

    private Attempt anotherName() {
        return new Attempt(attempt.door(), given.id(), attempt.network());
    }

    @Test
    void aPairsDelayGoesOnWhereItWas() {
        for (int i = 0; i < DelayRules.FREE_FOR_PAIR; i++) {
            failed(attempt);
        }
        rotate();
        assertEquals(new Delayed(ONE_SECOND), admit(attempt));
        rig.clock().advance(ONE_SECOND);
        failed(attempt);
        assertEquals(new Delayed(ONE_SECOND.multipliedBy(2)), admit(attempt));
    }

    @Test
    void fewFailuresAreNotForgottenEither() {
        failed(attempt);
        failed(attempt);
        rotate();
        assertEquals(3, admitted(attempt).failures());
        rotate();
        assertEquals(4, admitted(attempt).failures());
    }

    @Test
    void aSuccessForgetsWhatStandsUnderTheOldKeyAsWell() {
        failed(attempt);
        failed(attempt);
        rotate();
        succeeded(attempt);
        assertEquals(1, admitted(attempt).failures());
        rig.clock().advance(Duration.ofHours(23));
        sweepLater();
        rig.clock().advance(Duration.ofHours(2));
        sweepLater();
        assertEquals(1, admitted(attempt).failures());
    }

    @Test
    void aNetworksDelayGoesOnWhereItWas() {
        for (int i = 0; i < DelayRules.FREE_FOR_NETWORK - 1; i++) {
            failed(anotherName());
        }
        rotate();
        failed(anotherName());
        assertEquals(new Delayed(ONE_SECOND), admit(anotherName()));
        rig.clock().advance(ONE_SECOND);
        List<Attempt> names = List.of(anotherName(), anotherName(), anotherName(), anotherName());
        assertEquals(
                1,
                rig.atOnce(names.size(), i -> limiter.admit(names.get(i), this::event)).stream()
                        .filter(Admitted.class::isInstance)
                        .count());
    }

    @Test
    void aKnownPlaceStaysKnown() {
        succeeded(attempt);
        rotate();
        assertTrue(rig.call(() -> limiter.knows(attempt)));
        failed(attempt);
        stage(Stage.RETIRE);
        assertTrue(rig.call(() -> limiter.knows(attempt)), "carried over with the first attempt under the new key");
    }

    @Test
    void whatWasSpentStaysSpent() {
        for (int i = 0; i < 2; i++) {
            assertTrue(spend());
        }
        rotate();
        assertTrue(spend());
        assertFalse(spend());
        assertFalse(rig.call(() -> limiter.canSpend(SOMETHING, attempt.network())));
    }

    @Test
    void whatWasSpentUnderAnOldKeyIsGivenBackAsWell() {
        for (int i = 0; i < 2; i++) {
            assertTrue(spend());
        }
        rotate();
        assertTrue(spend());
        limiter.giveBackAll(SOMETHING, attempt.network(), "a challenge");
        rig.settle();
        for (int i = 0; i < 3; i++) {
            assertTrue(spend());
        }
        assertFalse(spend());
    }

    private boolean spend() {
        Use use = new Use(given.id(), "a challenge");
        return rig.call(() -> limiter.spend(SOMETHING, attempt.network(), use, List.of(event())));
    }

    @Test
    void retiringTheOldKeyForgetsWhatStoodUnderItAlone() {
        for (int i = 0; i < DelayRules.FREE_FOR_PAIR; i++) {
            failed(attempt);
        }
        rotate();
        stage(Stage.RETIRE);
        assertEquals(1, admitted(attempt).failures());
    }
}
