package dev.sallyport.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What holds text messages back: each limit either holds them back or only records that it would. */
public record LimitsConfig(
        @Setting("A file with prices and limits by region, in place of the built-in table of assumed prices"
                + " (`sms-regions.csv`, whose form it has).")
        Optional<Path> regionsFile,

        Region region,
        Phone phone,
        Prefix prefix,
        Conversion conversion,
        Money money) {

    /** What a limit does with a message that is too many. */
    public enum Mode {
        RECORD_ONLY,
        ENFORCE
    }

    public record Region(
            @Setting(
                    value = "`enforce` or `record-only`: no message to regions that are not among"
                            + " `SALLYPORT_PHONE_REGIONS`, are switched off, or have had their messages of the minute.",
                    or = "enforce")
            Mode mode) {}

    public record Phone(
            @Setting(value = "`enforce` or `record-only`: how often one phone is texted.", or = "enforce")
            Mode mode,

            @Setting(value = "Messages that may follow each other at once; then one in each `EVERY`.", or = "2")
            int burst,

            @Setting(value = "See `BURST`.", or = "25s") Duration every,

            @Setting(value = "Most messages to one phone in ten minutes.", or = "5")
            int tenMinutes,

            @Setting(value = "Most messages to one phone in an hour.", or = "8")
            int hour) {}

    public record Prefix(
            @Setting(
                    value =
                            "`enforce` or `record-only`: no more messages to a block of 10,000 numbers from which hardly"
                                    + " any code comes back.",
                    or = "record-only")
            Mode mode,

            @Setting(
                    value =
                            "Messages of an hour without a code that came back, to other numbers of the block, that close"
                                    + " it.",
                    or = "5")
            int unproven,

            @Setting(
                    value = "Most different numbers of a block of 1,000 in ten minutes, while it is unproven.",
                    or = "3")
            int numbers,

            @Setting(
                    value =
                            "Codes that must come back, of a hundred sent to the block of 10,000 in an hour and more than"
                                    + " two minutes ago, for it to be proven.",
                    or = "20")
            int percent) {}

    public record Conversion(
            @Setting(
                    value =
                            "`enforce` or `record-only`: in a region where codes stop coming back, one message at a time"
                                    + " to each unproven block of 10,000 numbers.",
                    or = "record-only")
            Mode mode,

            @Setting(value = "Messages of an hour to a region below which nothing is concluded.", or = "20")
            int sends,

            @Setting(
                    value = "Codes that must come back, of a hundred sent to the region in an hour and more than two"
                            + " minutes ago.",
                    or = "30")
            int percent) {}

    public record Money(
            @Setting(
                    value = "`enforce` or `record-only`: what messages may cost, in whole units of the currency of the"
                            + " prices. While the dispatchers can't tell each other what they spend, nothing.",
                    or = "enforce")
            Mode mode,

            @Setting(
                    value = "Most in an hour, in all. The last 30 % of it, and of the day's, are kept for"
                            + " `SALLYPORT_PHONE_DEFAULT_REGION`.",
                    or = "25")
            int hour,

            @Setting(value = "Most in 24 hours, in all.", or = "150")
            int day,

            @Setting(
                    value = "Most in an hour for each region but `SALLYPORT_PHONE_DEFAULT_REGION`, unless the table of"
                            + " regions says otherwise.",
                    or = "5")
            int regionHour,

            @Setting(value = "The same in 24 hours.", or = "30")
            int regionDay) {}

    /** What must hold, a sentence for each that does not. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (phone.burst() < 1 || phone.tenMinutes() < 1 || phone.hour() < 1) {
            problems.add("SALLYPORT_LIMITS_PHONE_BURST, _TEN_MINUTES and _HOUR must be 1 at least;"
                    + " to text nobody, stop the dispatchers.");
        }
        if (phone.hour() > 100) {
            problems.add("SALLYPORT_LIMITS_PHONE_HOUR must be 100 at most.");
        }
        if (phone.every().compareTo(Duration.ofHours(1)) > 0) {
            problems.add("SALLYPORT_LIMITS_PHONE_EVERY must be 1h at most; nothing older is remembered.");
        }
        if (prefix.percent() > 100 || conversion.percent() > 100) {
            problems.add("SALLYPORT_LIMITS_PREFIX_PERCENT and SALLYPORT_LIMITS_CONVERSION_PERCENT are of a hundred.");
        }
        if (prefix.unproven() < 1 || prefix.numbers() < 1 || conversion.sends() < 1) {
            problems.add("SALLYPORT_LIMITS_PREFIX_UNPROVEN, SALLYPORT_LIMITS_PREFIX_NUMBERS and"
                    + " SALLYPORT_LIMITS_CONVERSION_SENDS must be 1 at least: nobody has a first code otherwise.");
        }
        return problems;
    }
}
