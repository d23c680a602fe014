package dev.sallyport.dispatch.limit;

import dev.sallyport.config.LimitsConfig;
import dev.sallyport.dispatch.limit.PumpingTrace.Region;
import dev.sallyport.dispatch.limit.PumpingTrace.Request;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/** The day of {@link PumpingTrace} with the limits of two dispatchers, who own half of the partitions each. */
public final class PumpingRun {

    private static final int SEED = 20_260_504;
    private static final Duration ATTACK = Duration.ofHours(4);
    private static final int PARTITIONS = 24;

    /** The site spends some 330 dollars on such a day, at most 30 in an hour; its limits are about twice that. */
    private static final String[] MONEY = {
        "MONEY_HOUR", "400", "MONEY_DAY", "1000", "MONEY_REGION_HOUR", "60", "MONEY_REGION_DAY", "200"
    };

    private record Code(Instant at, int partition, String messageId) {}

    /**
     * What came of the day.
     *
     * @param attackers what the attacker's messages cost, US dollars
     * @param honest what those of honest people cost, US dollars
     * @param attackSent messages of the attacker that were sent
     * @param honestBlocked honest requests that were held back, by rule in {@code by}
     */
    public record Result(
            BigDecimal attackers, BigDecimal honest, int attackSent, int honestBlocked, Map<Rule, Integer> by) {

        /** The attacker's money as a part of what it is in another run: 1 the same. */
        public double shareOf(Result other) {
            return attackers.divide(other.attackers, 6, RoundingMode.HALF_UP).doubleValue();
        }

        /** Honest requests that were held back, as a part of all of them. */
        public double blocked() {
            return honestBlocked / (double) PumpingTrace.HONEST;
        }
    }

    private PumpingRun() {}

    static List<Request> trace() {
        return PumpingTrace.make(SEED, ATTACK);
    }

    /** With rules that only record. */
    public static Result undefended() {
        return play(trace(), Workers.enforcing());
    }

    /** With the rules as they are by default, but all of them enforced, and the money that such a site allows itself. */
    public static Result defended() {
        return play(trace(), enforced());
    }

    private static LimitsConfig enforced() {
        String[] settings = new String[MONEY.length + 4];
        System.arraycopy(MONEY, 0, settings, 0, MONEY.length);
        System.arraycopy(
                new String[] {"PREFIX_MODE", "enforce", "CONVERSION_MODE", "enforce"}, 0, settings, MONEY.length, 4);
        return Workers.config(settings);
    }

    /** Two workers with half of the partitions each, who tell each other once a second. */
    private static Result play(List<Request> trace, LimitsConfig config) {
        Set<String> served = PumpingTrace.REGIONS.stream().map(Region::code).collect(Collectors.toSet());
        Map<String, BigDecimal> prices = PumpingTrace.REGIONS.stream()
                .collect(Collectors.toMap(Region::code, region -> new BigDecimal(region.price())));
        Workers workers = new Workers(config, PumpingTrace.prices(), served);
        workers.pass(Duration.between(Workers.START, PumpingTrace.MIDNIGHT));
        List<Limits> both = List.of(workers.worker(), workers.worker());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            both.get(partition % 2).assigned(partition);
            both.get(partition % 2).replayed(partition, PumpingTrace.MIDNIGHT);
        }
        PriorityQueue<Code> codes = new PriorityQueue<>(Comparator.comparing(Code::at));
        BigDecimal attackers = BigDecimal.ZERO;
        BigDecimal honest = BigDecimal.ZERO;
        int attackSent = 0;
        int honestBlocked = 0;
        Map<Rule, Integer> by = new EnumMap<>(Rule.class);
        for (Request request : trace) {
            Instant at = request.order().orderedAt();
            while (!codes.isEmpty() && !codes.peek().at().isAfter(at)) {
                Code code = codes.remove();
                advance(workers, code.at());
                both.get(code.partition() % 2).verified(code.partition(), code.messageId());
            }
            advance(workers, at);
            int partition = Math.floorMod(request.order().phoneKey().hashCode(), PARTITIONS);
            Verdict verdict = Workers.send(both.get(partition % 2), partition, request.order());
            if (Workers.isAllowed(verdict)) {
                request.verifiedAfter()
                        .ifPresent(after -> codes.add(new Code(
                                at.plus(after), partition, request.order().messageId())));
                BigDecimal price = prices.get(request.order().region());
                attackers = request.isAttack() ? attackers.add(price) : attackers;
                honest = request.isAttack() ? honest : honest.add(price);
                attackSent += request.isAttack() ? 1 : 0;
            } else if (!request.isAttack()) {
                honestBlocked++;
                Optional<Rule> rule = Workers.rule(verdict);
                by.merge(rule.orElseThrow(), 1, Integer::sum);
            }
        }
        return new Result(attackers, honest, attackSent, honestBlocked, by);
    }

    private static void advance(Workers workers, Instant to) {
        long before = workers.clock.instant().getEpochSecond();
        workers.pass(Duration.between(workers.clock.instant(), to));
        if (to.getEpochSecond() > before) {
            workers.exchange();
        }
    }
}
