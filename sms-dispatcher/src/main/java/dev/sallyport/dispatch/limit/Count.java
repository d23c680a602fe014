package dev.sallyport.dispatch.limit;

/**
 * What is counted of messages to some region, block of numbers or provider in some time. Immutable. Sums stop at the
 * largest number that there is: what somebody has made up must not turn much into little.
 *
 * @param sent messages, each once, however often it was tried; of a provider, tries
 * @param verified those of {@code sent} whose code came back, whenever that was
 * @param withheld messages that the rules for conversion held back
 * @param numbers different phones
 * @param micros what it costs, in millionths of the prices' currency
 */
public record Count(int sent, int verified, int withheld, int numbers, long micros) {

    public static final Count NONE = new Count(0, 0, 0, 0, 0);

    static Count ofSent(boolean verified, long micros) {
        return new Count(1, verified ? 1 : 0, 0, 0, micros);
    }

    static Count ofWithheld() {
        return new Count(0, 0, 1, 0, 0);
    }

    static Count ofNumber() {
        return new Count(0, 0, 0, 1, 0);
    }

    Count plus(Count other) {
        return new Count(
                sum(sent, other.sent),
                sum(verified, other.verified),
                sum(withheld, other.withheld),
                sum(numbers, other.numbers),
                sum(micros, other.micros));
    }

    Count minus(Count other) {
        return plus(new Count(-other.sent, -other.verified, -other.withheld, -other.numbers, -other.micros));
    }

    private static int sum(int one, int other) {
        return Math.clamp((long) one + other, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static long sum(long one, long other) {
        long sum = one + other;
        boolean overflow = ((one ^ sum) & (other ^ sum)) < 0;
        return overflow ? one < 0 ? Long.MIN_VALUE : Long.MAX_VALUE : sum;
    }

    /** The larger of each. */
    Count max(Count other) {
        return new Count(
                Math.max(sent, other.sent),
                Math.max(verified, other.verified),
                Math.max(withheld, other.withheld),
                Math.max(numbers, other.numbers),
                Math.max(micros, other.micros));
    }
}
