package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.event.EventRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeenStampsTest {

    private final SeenStamps stamps = new SeenStamps();

    private void take(String boot, String... numbers) {
        for (String number : numbers) {
            Map<String, String> stamp = Map.of("node", "web-1", "boot", boot, "sequence", number);
            stamps.take(new EventRecord("id", "type", Instant.EPOCH, "topic", "key", stamp, new byte[0]));
        }
    }

    @Test
    void numbersWithoutAGapAreWholeInAnyOrderAndFromAnyBeginning() {
        take("a", "7", "5", "6", "6");
        take("b", "1");

        assertEquals(List.of("2 processes have told this, each without a gap"), stamps.lines());
    }

    @Test
    void aNumberThatIsMissingIsNamedWithItsProcess() {
        take("a", "1", "2", "5", "9");
        take("b", "1", "2");

        assertEquals(
                List.of(
                        "2 processes have told this, some with gaps:",
                        "web-1 (a): 5 numbers are missing between 1 and 9, the first is 3"),
                stamps.lines());
    }

    @Test
    void whatIsNoNumberIsPassedOver() {
        take("a", "0", "-1", "x", "", "999999999", "99999999999");

        assertEquals(List.of("0 processes have told this, each without a gap"), stamps.lines());
    }
}
