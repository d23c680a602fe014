package dev.sallyport.authz;

import static dev.sallyport.FactorType.APP;
import static dev.sallyport.FactorType.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.authz.Gate.Allowed;
import dev.sallyport.authz.Gate.Answer;
import dev.sallyport.authz.Gate.SignInNeeded;
import dev.sallyport.authz.Gate.StepUpNeeded;
import dev.sallyport.session.Session;
import dev.sallyport.testing.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final String HOST = "wiki.example.com";
    private static final Need TWO_FACTORS = new Need(2, Optional.empty());
    private static final Need FRESH = new Need(1, Optional.of(Duration.ofMinutes(5)));

    private final MovableClock clock = new MovableClock(Somebody.NOON);
    private final Gate gate = new Gate(
            new Sites(
                    List.of(
                            new SiteRule("admin", HOST, "/admin", Set.of(), TWO_FACTORS),
                            new SiteRule("money", HOST, "/money", Set.of("POST"), FRESH)),
                    true,
                    Need.SIGNED_IN),
            clock);

    private Answer ask(Optional<Session> session, String method, String uri) {
        return gate.decide(HOST, new Asked(HOST, method, uri, false), session);
    }

    @Test
    void nobodyIsLetThrough() {
        assertEquals(new SignInNeeded(Need.SIGNED_IN), ask(Optional.empty(), "GET", "/"));
        assertEquals(new SignInNeeded(TWO_FACTORS), ask(Optional.empty(), "GET", "/admin"));
    }

    @Test
    void whoIsSignedInIsLetThroughWhereThatIsEnough() {
        Session session = Somebody.with(PASSWORD);
        assertEquals(new Allowed(), ask(Optional.of(session), "GET", "/"));
        assertEquals(new StepUpNeeded(session, "admin", TWO_FACTORS), ask(Optional.of(session), "GET", "/admin/x"));
        assertEquals(new Allowed(), ask(Optional.of(Somebody.with(PASSWORD, APP)), "GET", "/admin/x"));
    }

    @Test
    void aPasswordGrowsOld() {
        Optional<Session> session = Optional.of(Somebody.with(PASSWORD));
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertEquals(new Allowed(), ask(session, "POST", "/money"));
        clock.advance(Duration.ofMillis(1));
        assertEquals(new StepUpNeeded(session.get(), "money", FRESH), ask(session, "POST", "/money"));
        assertEquals(new Allowed(), ask(session, "GET", "/money"));
    }

    @Test
    void anAmbiguousPathNeedsEverything() {
        Session session = Somebody.with(PASSWORD, APP);
        assertEquals(new Allowed(), ask(Optional.of(session), "GET", "/x%2fy"));
        clock.advance(Duration.ofMinutes(5));
        assertEquals(
                new StepUpNeeded(session, "strictest", TWO_FACTORS.and(FRESH)),
                ask(Optional.of(session), "GET", "/x%2fy"));
    }
}
