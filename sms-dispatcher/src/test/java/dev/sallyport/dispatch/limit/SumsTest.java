package dev.sallyport.dispatch.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SumsTest {

    private static final Count ONE = Count.ofSent(false, 10);

    private final Sums sums = new Sums(Span.MINUTE, 3);

    @Test
    void periodsThatComeOutOfOrderAreSummedAndForgottenInOrder() {
        Cell cell = Cell.region("US");
        for (long period : new long[] {7, 3, 5, 3, 9}) {
            sums.add(0, period, cell, ONE);
        }
        assertEquals(5, sums.sum(cell, 0, 100).sent());
        assertEquals(3, sums.sum(cell, 3, 5).sent());
        assertEquals(20, sums.sum(cell, 7, 9).micros());
        sums.forgetBefore(EnumSet.allOf(Kind.class), 5);
        assertEquals(3, sums.sum(cell, 0, 100).sent());
    }

    @Test
    void whatIsTooMuchToCountIsSaidToBeSoUntilOtherThingsAreForgotten() {
        sums.add(0, 1, Cell.prefix("+1"), ONE);
        sums.add(0, 2, Cell.prefix("+2"), ONE);
        sums.add(0, 3, Cell.region("US"), ONE);
        sums.add(0, 4, Cell.prefix("+4"), ONE);
        sums.told(1, 4, Cell.prefix("+5"), ONE, true);
        assertTrue(sums.isBeyond(Cell.prefix("+4")));
        assertFalse(sums.isBeyond(Cell.prefix("+1")));
        assertEquals(Count.NONE, sums.sum(Cell.prefix("+4"), 0, 100));
        sums.forgetBefore(Set.of(Kind.PREFIX), 2);
        assertFalse(sums.isBeyond(Cell.prefix("+4")));
        sums.add(0, 4, Cell.prefix("+4"), ONE);
        assertEquals(ONE, sums.sum(Cell.prefix("+4"), 0, 100));
        assertEquals(2, sums.sum(Kind.PREFIX, 0, 100).sent());
    }

    @Test
    void hugeCountsDoNotTurnNegative() {
        for (long period = 0; period < 60; period++) {
            sums.told(0, period, Cell.region("US"), new Count(50_000_000, 0, 0, 0, 0), true);
        }
        assertEquals(Integer.MAX_VALUE, sums.sum(Cell.region("US"), 0, 100).sent());
        for (int partition = 0; partition < 100; partition++) {
            sums.told(partition, 7, Cell.region("GB"), new Count(50_000_000, 0, 0, 0, Long.MAX_VALUE / 2), true);
        }
        assertEquals(Integer.MAX_VALUE, sums.sum(Cell.region("GB"), 7, 7).sent());
        assertEquals(Long.MAX_VALUE, sums.sum(Cell.region("GB"), 0, 100).micros());
    }
}
