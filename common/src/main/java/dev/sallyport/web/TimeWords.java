package dev.sallyport.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people say them. */
public final class TimeWords {

    /** With spaces that a line does not break at. */
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d\u00a0MMMM\u00a0yyyy", Locale.ENGLISH);

    private TimeWords() {}

    /** A day, in UTC. */
    public static String day(Instant time) {
        return DAY.format(time.atZone(ZoneOffset.UTC));
    }

    /** How long ago that was: {@code just now} up to two minutes, then minutes, hours, days. */
    public static String ago(Instant time, Instant now) {
        Duration past = Duration.between(time, now);
        if (past.toMinutes() < 2) {
            return "just now";
        }
        if (past.toHours() < 2) {
            return past.toMinutes() + " minutes ago";
        }
        return past.toDays() < 2 ? past.toHours() + " hours ago" : past.toDays() + " days ago";
    }
}
