package dev.sallyport.dispatch.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.limit.PumpingRun.Result;
import dev.sallyport.dispatch.limit.PumpingTrace.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pumping attack costs, with the rules as they are by default but all of them enforced. */
class PumpingTraceTest {

    @Test
    void anAttackOfFourHoursGetsTwoPercentOfTheMoneyAtMostAndHardlyAnybodyNotices() {
        List<Request> trace = PumpingRun.trace();
        assertEquals(
                PumpingTrace.ATTACK, trace.stream().filter(Request::isAttack).count());
        assertEquals(
                PumpingTrace.HONEST,
                trace.stream().filter(request -> !request.isAttack()).count());
        Result undefended = PumpingRun.undefended();
        assertEquals(0, undefended.honestBlocked());
        assertEquals(PumpingTrace.ATTACK, undefended.attackSent());
        Result defended = PumpingRun.defended();
        assertTrue(defended.shareOf(undefended) <= 0.02, defended.toString());
        assertTrue(defended.blocked() <= 0.005, defended.toString());
    }
}
