package dev.sallyport.dispatch.limit;

/**
 * What the last hour and day brought in a region, over all workers; for metrics and operators.
 *
 * @param sent messages of the last hour that are more than two minutes old
 * @param verified those of {@code sent} whose code came back
 * @param hourMicros money of the last hour, in millionths
 * @param dayMicros money of the last 24 hours
 */
public record RegionSums(String region, int sent, int verified, long hourMicros, long dayMicros) {}
