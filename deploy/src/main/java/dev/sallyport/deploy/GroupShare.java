package dev.sallyport.deploy;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A start waits for the share of a topic that a consumer group gives to this process. */
final class GroupShare {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private GroupShare() {}

    /**
     * Waits.
     *
     * @param who begins the sentence
     * @param joined completed when this process has its share
     * @param limit how long; {@link #LIMIT} but in tests
     * @throws StartFailed if it gets none
     */
    static void await(String who, String topic, String group, Future<Void> joined, Duration limit) {
        try {
            Future.await(joined.timeout(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (Exception e) {
            throw new StartFailed(
                    "%s was given no share of %s (waited up to %d s); see that this process may join Kafka's"
                                    .formatted(who, topic, limit.toSeconds())
                            + " group %s, that no other program is in that group, and start again.".formatted(group),
                    e);
        }
    }
}
