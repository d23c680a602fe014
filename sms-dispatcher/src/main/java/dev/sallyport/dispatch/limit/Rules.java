package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import dev.sallyport.dispatch.Sending;
import dev.sallyport.dispatch.limit.Cell.Kind;
import dev.sallyport.dispatch.limit.PartitionSums.Span;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which limits a message would break. Looks back from the time of the order, and also at what was ordered later, since
 * orders are not quite in order.
 */
final class Rules {

    /** Minutes of an hour, of ten minutes, and those in which a code may still come back. */
    private static final int HOUR = 60;

    private static final int TEN_MINUTES = 10;
    private static final int YOUNG = 3;
    private static final int DAY_IN_HOURS = 24;
    private static final long ALL_LATER = Long.MAX_VALUE;

    private final LimitsConfig limits;
    private final Regions regions;
    private final PhoneWindows phoneWindows;
    private final Sums minutes;
    private final Sums hours;

    Rules(LimitsConfig limits, Regions regions, Tally tally) {
        this.limits = limits;
        this.regions = regions;
        this.phoneWindows = new PhoneWindows(limits.phone());
        this.minutes = tally.minutes();
        this.hours = tally.hours();
    }

    /** Whether a rule holds this message back. A region that somebody has switched off is off, whatever the mode. */
    boolean isEnforced(Rule rule, Sending sending, Switches switches) {
        boolean isOff = rule == Rule.REGION && switches.isOff(sending.region());
        return isOff || switches.mode(rule).orElseGet(() -> rule.configured(limits)) == LimitsConfig.Mode.ENFORCE;
    }

    long price(Sending sending) {
        return regions.of(sending.region()).price();
    }

    /**
     * The limits that one more message would break.
     *
     * @param ofPhone the other messages to its phone
     * @param first whether it would be the phone's first in ten minutes
     */
    Set<Rule> broken(Sending sending, List<Seen> ofPhone, boolean first, Switches switches) {
        Set<Rule> broken = EnumSet.noneOf(Rule.class);
        if (breaksRegion(sending, switches)) {
            broken.add(Rule.REGION);
        }
        if (!phoneWindows.fits(ofPhone.stream().map(Seen::orderedAt).toList(), sending.orderedAt())) {
            broken.add(Rule.PHONE);
        }
        if (breaksMoney(sending)) {
            broken.add(Rule.MONEY);
        }
        if (!isProven(sending)) {
            int others = unprovenOfOthers(sending, ofPhone);
            if (isDry(sending) && (others > 0 || unproven(ofPhone, sending) > 1)) {
                broken.add(Rule.CONVERSION);
            }
            if (others >= limits.prefix().unproven() || breaksBlock(sending, first)) {
                broken.add(Rule.PREFIX);
            }
        }
        return broken;
    }

    private boolean breaksRegion(Sending sending, Switches switches) {
        long minute = minute(sending);
        return !regions.serves(sending.region())
                || switches.isOff(sending.region())
                || minutes.sum(Cell.region(sending.region()), minute, minute).sent()
                        >= regions.of(sending.region()).perMinute();
    }

    private boolean breaksMoney(Sending sending) {
        Regions.Terms terms = regions.of(sending.region());
        Cell region = Cell.region(sending.region());
        long hourAgo = minute(sending) - HOUR + 1;
        long dayAgo = Span.HOUR.of(sending.orderedAt()) - DAY_IN_HOURS + 1;
        return isBeyond(terms.hour(), terms, minutes.sum(region, hourAgo, ALL_LATER))
                || isBeyond(terms.day(), terms, hours.sum(region, dayAgo, ALL_LATER))
                || isBeyond(overall(limits.money().hour(), terms), terms, minutes.sum(Kind.REGION, hourAgo, ALL_LATER))
                || isBeyond(overall(limits.money().day(), terms), terms, hours.sum(Kind.REGION, dayAgo, ALL_LATER));
    }

    private static long overall(int whole, Regions.Terms terms) {
        return whole * Regions.MICROS / 100 * terms.overall();
    }

    private static boolean isBeyond(long limit, Regions.Terms terms, Count spent) {
        return spent.micros() + terms.price() > limit;
    }

    /** Whether codes come back from the block of 10,000 numbers. */
    private boolean isProven(Sending sending) {
        Cell prefix = Cell.prefix(sending.prefix());
        long minute = minute(sending);
        Count old = minutes.sum(prefix, minute - HOUR + 1, minute - YOUNG);
        Count young = minutes.sum(prefix, minute - YOUNG + 1, ALL_LATER);
        int verified = old.verified() + young.verified();
        return verified > 0 && 100L * verified >= (long) limits.prefix().percent() * (old.sent() + young.verified());
    }

    /** Messages of the hour to the block's other numbers without a code that came back, and those withheld. */
    private int unprovenOfOthers(Sending sending, Collection<Seen> ofPhone) {
        Cell prefix = Cell.prefix(sending.prefix());
        if (minutes.isBeyond(prefix)) {
            return Integer.MAX_VALUE;
        }
        Count all = minutes.sum(prefix, minute(sending) - HOUR + 1, ALL_LATER);
        return all.sent() - all.verified() + all.withheld() - unproven(ofPhone, sending);
    }

    private static int unproven(Collection<Seen> ofPhone, Sending sending) {
        Instant hourAgo = Span.MINUTE.start(minute(sending) - HOUR + 1);
        return (int) ofPhone.stream()
                .filter(message -> !message.isVerified() && !message.orderedAt().isBefore(hourAgo))
                .count();
    }

    /**
     * Whether codes have stopped coming back from the region: too few of those sent more than two minutes ago, or more
     * under way than came back in the whole hour.
     */
    private boolean isDry(Sending sending) {
        Cell region = Cell.region(sending.region());
        long minute = minute(sending);
        Count old = minutes.sum(region, minute - HOUR + 1, minute - YOUNG);
        Count young = minutes.sum(region, minute - YOUNG + 1, ALL_LATER);
        int wanted = old.sent() + old.withheld();
        int underWay = young.sent() + young.withheld() - young.verified();
        int enough = limits.conversion().sends();
        boolean fewCameBack = 100L * old.verified() < (long) limits.conversion().percent() * wanted;
        return (wanted >= enough && fewCameBack) || underWay > Math.max(enough, old.verified() + young.verified());
    }

    private boolean breaksBlock(Sending sending, boolean first) {
        Cell block = Cell.block(sending.block());
        int numbers =
                minutes.sum(block, minute(sending) - TEN_MINUTES + 1, ALL_LATER).numbers();
        return numbers + (first ? 1 : 0) > limits.prefix().numbers();
    }

    private static long minute(Sending sending) {
        return Span.MINUTE.of(sending.orderedAt());
    }

    /** What the last hour and day brought. */
    List<RegionSums> regions(Instant now) {
        long minute = Span.MINUTE.of(now);
        long dayAgo = Span.HOUR.of(now) - DAY_IN_HOURS + 1;
        Set<String> names = new TreeSet<>(hours.names(Kind.REGION));
        names.addAll(minutes.names(Kind.REGION));
        return names.stream()
                .map(region -> {
                    Count old = minutes.sum(Cell.region(region), minute - HOUR + 1, minute - YOUNG);
                    Count hour = minutes.sum(Cell.region(region), minute - HOUR + 1, ALL_LATER);
                    Count day = hours.sum(Cell.region(region), dayAgo, ALL_LATER);
                    return new RegionSums(region, old.sent(), old.verified(), hour.micros(), day.micros());
                })
                .toList();
    }
}
