package dev.sallyport.bench;

import dev.sallyport.dispatch.limit.PumpingRun;
import dev.sallyport.dispatch.limit.PumpingRun.Result;
import java.util.Locale;

/** What an attacker gets who has codes sent to numbers of which it earns. */
final class PumpingBench {

    void run(Report report) {
        Result undefended = PumpingRun.undefended();
        Result defended = PumpingRun.defended();
        double money = defended.shareOf(undefended);
        report.figure(
                "Attacker's money, all limits enforced, to that without limits",
                "≤ 2 %",
                String.format(Locale.ROOT, "%.2f %%", 100 * money),
                money <= 0.02);
        report.figure(
                "Honest requests for a message that are held back meanwhile",
                "≤ 0.5 %",
                String.format(Locale.ROOT, "%.2f %%", 100 * defended.blocked()),
                defended.blocked() <= 0.005);
        report.section("Pumping", """
                A made-up day of a site: 5,000 honest requests and, for four hours of it, 50,000 of an attacker for numbers of 500 blocks of
                10,000, judged by the limits of two dispatchers that tell each other their sums once a second. Regions, prices, rates and
                delays: `PumpingTrace`. Without limits the attacker's messages cost %s dollars, with them %s (%d messages); those of honest
                people cost %s. Held back of these, by rule: %s. Whoever has an app asks for no message, and so no limit is asked.
                """.formatted(
                undefended.attackers(), defended.attackers(), defended.attackSent(), defended.honest(), defended.by()));
    }
}
