package dev.sallyport.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWordsTest {

    private static final Instant NOW = Instant.parse("2026-05-03T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT-5S, just now",
        "PT0S, just now",
        "PT1M59S, just now",
        "PT2M, 2 minutes ago",
        "PT119M59S, 119 minutes ago",
        "PT2H, 2 hours ago",
        "PT47H59M, 47 hours ago",
        "PT48H, 2 days ago",
        "PT720H, 30 days ago"
    })
    void whatIsPastIsToldInTheUnitThatPeopleWouldUse(Duration past, String words) {
        assertEquals(words, TimeWords.ago(NOW.minus(past), NOW));
    }

    @Test
    void aDayBreaksOverNoLine() {
        assertEquals("3\u00a0May\u00a02026", TimeWords.day(NOW));
    }
}
