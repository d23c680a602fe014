package dev.sallyport.dispatch.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CountTest {

    private static final Count MUCH =
            new Count(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    private static final Count SOME = new Count(5, 4, 3, 2, 1);

    @Test
    void whatIsAddedAndTakenAwayIsAsItWas() {
        Count more = new Count(50, 40, 30, 20, 10);
        assertEquals(new Count(55, 44, 33, 22, 11), SOME.plus(more));
        assertEquals(SOME, SOME.plus(more).minus(more));
        assertEquals(new Count(-5, -4, -3, -2, -1), Count.NONE.minus(SOME));
    }

    @Test
    void muchDoesNotTurnIntoLittle() {
        assertEquals(MUCH, MUCH.plus(SOME));
        assertEquals(MUCH, MUCH.plus(MUCH));
        assertEquals(MUCH, MUCH.plus(MUCH).plus(MUCH));
    }
}
