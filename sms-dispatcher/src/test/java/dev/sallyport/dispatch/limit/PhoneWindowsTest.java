package dev.sallyport.dispatch.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneWindowsTest {

    private final PhoneWindows windows = new PhoneWindows(Workers.config().phone());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # seconds of those before  | second  | fits
                                       | 0       | true
            0                          | 0       | true
            0 0                        | 0       | false
            0 0                        | 24      | false
            0 0                        | 25      | true
            0 0 25                     | 49      | false
            0 0 25                     | 50      | true
            0 100 200 300 400          | 599     | false
            0 100 200 300 400          | 600     | true
            0 700 1400 1430 2100 2130 2800 2830 | 3599 | false
            0 700 1400 1430 2100 2130 2800 2830 | 3600 | true
            # orders that come late: what came before them, but was ordered after, counts as well
            30 31                      | 29      | false
            30 31                      | 0       | true
            """)
    void aBurstOfTwoThenOneIn25SecondsFiveInTenMinutesEightInAnHour(String before, long second, boolean fits) {
        List<Instant> others = before == null
                ? List.of()
                : List.of(before.split(" ")).stream()
                        .map(text -> at(Long.parseLong(text)))
                        .toList();
        assertEquals(fits, windows.fits(others, at(second)));
    }

    @Test
    void whateverIsAllowedNeverHoldsTooManyInAnySpan() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            List<Instant> allowed = new ArrayList<>();
            for (long second : orders(random)) {
                if (windows.fits(allowed, at(second))) {
                    allowed.add(at(second));
                }
            }
            assertTrue(most(allowed, Duration.ofMinutes(10)) <= 5, allowed.toString());
            assertTrue(most(allowed, Duration.ofHours(1)) <= 8, allowed.toString());
            assertTrue(most(allowed, Duration.ofSeconds(25)) <= 2, allowed.toString());
            assertTrue(most(allowed, Duration.ofSeconds(50)) <= 3, allowed.toString());
        }
    }

    @Test
    void judgedAgainAmongWhatWasSentBeforeACrashEachGetsItsVerdictAgain() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 300; round++) {
            long[] orders = orders(random);
            List<Instant> allowed = new ArrayList<>();
            List<Boolean> verdicts = new ArrayList<>();
            for (long second : orders) {
                verdicts.add(windows.fits(allowed, at(second)));
                if (verdicts.getLast()) {
                    allowed.add(at(second));
                }
            }
            // Some of those allowed had come to the ledger; all orders come again, in their order.
            List<Instant> known = new ArrayList<>();
            List<Boolean> inLedger = IntStream.range(0, orders.length)
                    .mapToObj(_ -> random.nextBoolean())
                    .toList();
            for (int i = 0; i < orders.length; i++) {
                if (verdicts.get(i) && inLedger.get(i)) {
                    known.add(at(orders[i]));
                }
            }
            for (int i = 0; i < orders.length; i++) {
                if (!(verdicts.get(i) && inLedger.get(i))) {
                    assertEquals(verdicts.get(i), windows.fits(known, at(orders[i])));
                    if (verdicts.get(i)) {
                        known.add(at(orders[i]));
                    }
                }
            }
        }
    }

    @Test
    void whatIsOlderThanAnHourOrLaterByMoreIsForgotten() {
        List<Instant> others =
                LongStream.range(0, 100).mapToObj(PhoneWindowsTest::at).toList();
        assertFalse(windows.fits(others, at(3_599)));
        assertTrue(windows.fits(others, at(3_700)));
        assertTrue(windows.fits(others, at(-3_700)));
    }

    /** Orders of two hours, mostly in order. */
    private static long[] orders(SplittableRandom random) {
        long[] seconds = random.longs(30, 0, 7_200).sorted().toArray();
        for (int i = 0; i + 1 < seconds.length; i += 5) {
            long swapped = seconds[i];
            seconds[i] = seconds[i + 1];
            seconds[i + 1] = swapped;
        }
        return seconds;
    }

    private static long most(List<Instant> times, Duration span) {
        return times.stream()
                .mapToLong(from -> times.stream()
                        .filter(time -> !time.isBefore(from) && time.isBefore(from.plus(span)))
                        .count())
                .max()
                .orElse(0);
    }

    private static Instant at(long second) {
        return Workers.START.plusSeconds(second);
    }
}
