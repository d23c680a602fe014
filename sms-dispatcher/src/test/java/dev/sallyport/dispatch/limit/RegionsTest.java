package dev.sallyport.dispatch.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.LimitsConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionsTest {

    private static final LimitsConfig LIMITS = Workers.config();

    @Test
    void theBuiltInTableHasAPriceForEveryRegion() {
        Regions regions = Regions.read(LIMITS, Set.of("us", "CA"), "US");
        assertTrue(regions.serves("US"));
        assertFalse(regions.serves("GB"));
        assertEquals(12_000, regions.of("US").price());
        assertEquals(500_000, regions.of("ID").price());
        assertEquals(5 * Regions.MICROS, regions.of("ID").hour());
        assertEquals(30 * Regions.MICROS, regions.of("CA").day());
        assertEquals(Long.MAX_VALUE, regions.of("US").hour());
    }

    @Test
    void aFileOfOnesOwnTakesItsPlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("prices.csv");
        Files.writeString(file, "# ours\nother, 0.3\n\nGB, 0.000001, 5, 1.5, 20\n");
        Regions regions = Regions.read(Workers.config("REGIONS_FILE", file.toString()), Set.of("GB"), "GB");
        assertEquals(new Regions.Terms(1, 5, 1_500_000, 20_000_000, 100), regions.of("GB"));
        assertEquals(300_000, regions.of("US").price());
        LimitsConfig missing =
                Workers.config("REGIONS_FILE", folder.resolve("nothing.csv").toString());
        Regions.BadTable problem =
                assertThrows(Regions.BadTable.class, () -> Regions.read(missing, Set.of("GB"), "GB"));
        assertTrue(String.valueOf(problem.getMessage()).contains("SALLYPORT_LIMITS_REGIONS_FILE"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us,0.1",
                "US",
                "US,",
                "US,cheap",
                "US,-1",
                "US,0.0000001",
                "US,1e30",
                "US,0.1,often",
                "US,0.1,,,,1",
                "US,0.1,,-1",
                "other,0.1"
            })
    void aBrokenLineIsNamed(String line) {
        Regions.BadTable problem = assertThrows(Regions.BadTable.class, () -> read("# prices\nother,0.5\n" + line));
        assertTrue(
                String.valueOf(problem.getMessage()).startsWith("prices, line 3: \"" + line + '"'), problem.toString());
    }

    @Test
    void aTableWithoutAPriceForTheOthersIsRefused() {
        Regions.BadTable problem = assertThrows(Regions.BadTable.class, () -> read("US,0.01\n"));
        assertTrue(String.valueOf(problem.getMessage()).contains("other,"), problem.toString());
    }

    private static Regions read(String table) {
        return Regions.read(new StringReader(table), "prices", LIMITS.money(), Set.of("US"), "US");
    }
}
