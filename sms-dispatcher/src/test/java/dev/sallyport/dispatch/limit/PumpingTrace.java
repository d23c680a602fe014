package dev.sallyport.dispatch.limit;

import dev.sallyport.dispatch.Sending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A day of a site that is being pumped: 50,000 requests for numbers of which the attacker earns, over 500 blocks of 10,000,
 * among 5,000 honest ones. Made by a generator with a fixed seed, so it is the same each time and everywhere.
 *
 * <p><b>Honest.</b> People ask all day, most around midday, four in five to the five large regions. Half of the people of a
 * region have numbers of a hundredth of its blocks, as the customers of a site of some city have. Of those who ask, 88 % type
 * their code, after half a minute (the median; one in ten takes more than a minute). Of those who don't, half ask again
 * within 30 to 90 s, and six in ten of them type that one. So of a hundred messages some 86 codes come back.
 *
 * <p><b>Attack.</b> It has its share of the numbers in five regions where messages are dear and few honest people are, and a
 * tenth in a large one; its blocks are among those that honest people of the region have too. Each block is asked for as
 * often as another, in the order of its numbers, of which a third are asked for twice. Of the messages that it gets, one
 * code in a hundred comes back.
 */
final class PumpingTrace {

    /**
     * A region.
     *
     * @param price of a message, US dollars
     * @param blocks blocks of 10,000 numbers with mobile phones
     * @param honest requests of honest people of 5,000
     * @param attacked blocks of the attacker
     */
    record Region(String code, String dial, String price, int blocks, int honest, int attacked) {}

    /** @param verifiedAfter when its code comes back, if it is sent; empty if it does not */
    record Request(Sending order, boolean isAttack, Optional<Duration> verifiedAfter) {}

    static final Instant MIDNIGHT = Instant.parse("2026-05-04T00:00:00Z");
    static final int HONEST = 5_000;
    static final int ATTACK = 50_000;

    static final List<Region> REGIONS = List.of(
            new Region("US", "+1415", "0.012", 60_000, 2_500, 0),
            new Region("CA", "+1604", "0.015", 8_000, 600, 0),
            new Region("GB", "+447", "0.06", 9_000, 700, 50),
            new Region("DE", "+4915", "0.12", 9_000, 450, 0),
            new Region("FR", "+336", "0.09", 7_000, 300, 0),
            new Region("ID", "+628", "0.45", 32_000, 150, 90),
            new Region("PK", "+923", "0.47", 19_000, 100, 90),
            new Region("UZ", "+9989", "0.35", 3_300, 75, 90),
            new Region("LK", "+947", "0.30", 3_000, 75, 90),
            new Region("AZ", "+9945", "0.40", 1_300, 50, 90));

    private static final Duration DAY = Duration.ofDays(1);
    private static final int NUMBERS_OF_BLOCK = 10_000;

    private final SplittableRandom random;
    private final List<Request> requests = new ArrayList<>();
    private int messages;

    private PumpingTrace(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** All requests in the order of their times. The attack begins at 6 in the morning. */
    static List<Request> make(long seed, Duration attack) {
        PumpingTrace trace = new PumpingTrace(seed);
        for (Region region : REGIONS) {
            List<Integer> attacked = trace.random
                    .ints(0, region.blocks())
                    .distinct()
                    .limit(region.attacked())
                    .boxed()
                    .toList();
            attacked.forEach(block -> trace.pump(region, block, attack));
            trace.askHonestly(region);
        }
        trace.requests.sort(Comparator.comparing(request -> request.order().orderedAt()));
        return trace.requests;
    }

    private void pump(Region region, int block, Duration duration) {
        int blocks = REGIONS.stream().mapToInt(Region::attacked).sum();
        int first = random.nextInt(NUMBERS_OF_BLOCK / 2);
        int number = first;
        for (int i = 0; i < ATTACK / blocks; i++) {
            Instant at = MIDNIGHT.plus(Duration.ofHours(6))
                    .plus(share(duration, (i + random.nextDouble()) * blocks / ATTACK));
            Optional<Duration> verified =
                    random.nextInt(100) == 0 ? Optional.of(Duration.ofSeconds(20)) : Optional.empty();
            add(region, block, number, nextChallenge(), at, true, verified);
            number += random.nextInt(3) == 0 ? 0 : 1;
        }
    }

    private void askHonestly(Region region) {
        int left = region.honest();
        while (left > 0) {
            int block = random.nextBoolean()
                    ? random.nextInt(Math.max(1, region.blocks() / 100))
                    : random.nextInt(region.blocks());
            int number = random.nextInt(NUMBERS_OF_BLOCK);
            String challenge = nextChallenge();
            Instant at = MIDNIGHT.plus(share(DAY, timeOfDay()));
            boolean types = random.nextInt(100) < 88;
            add(region, block, number, challenge, at, false, types ? Optional.of(typing()) : Optional.empty());
            left--;
            if (!types && random.nextBoolean() && left > 0) {
                Instant again = at.plusSeconds(random.nextInt(30, 91));
                boolean typesNow = random.nextInt(10) < 6;
                add(
                        region,
                        block,
                        number,
                        challenge,
                        again,
                        false,
                        typesNow ? Optional.of(typing()) : Optional.empty());
                left--;
            }
        }
    }

    /** The share of the day that has passed: the sum of two dice, so to speak, with its peak at midday. */
    private double timeOfDay() {
        return (random.nextDouble() + random.nextDouble()) / 2;
    }

    /** Log-normal: half a minute or less for half of the people. */
    private Duration typing() {
        double seconds = 30 * Math.exp(0.6 * random.nextGaussian());
        return Duration.ofMillis((long) (1_000 * Math.clamp(seconds, 6, 290)));
    }

    private static Duration share(Duration whole, double share) {
        return Duration.ofMillis((long) (whole.toMillis() * share));
    }

    private String nextChallenge() {
        return "challenge-" + messages;
    }

    private void add(
            Region region,
            int block,
            int number,
            String challenge,
            Instant at,
            boolean isAttack,
            Optional<Duration> verifiedAfter) {
        String e164 = "%s%05d%04d".formatted(region.dial(), block, number);
        Sending order = new Sending(
                "message-" + messages++,
                challenge,
                "key-" + e164,
                region.code(),
                e164.substring(0, e164.length() - 4),
                e164.substring(0, e164.length() - 3),
                at);
        requests.add(new Request(order, isAttack, verifiedAfter));
    }

    /** The prices as a table of regions. */
    static String prices() {
        StringBuilder table = new StringBuilder("other,0.50\n");
        REGIONS.forEach(region ->
                table.append(region.code()).append(',').append(region.price()).append('\n'));
        return table.toString();
    }
}
