package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.ExpectedFailure;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GroupShareTest {

    @Test
    void aShareThatNeverComesEndsTheWaitWithOneSentence() {
        Vertx vertx = Vertx.vertx();
        try {
            ExpectedFailure failure = assertThrows(
                    ExpectedFailure.class,
                    () -> VirtualThreads.call(vertx, () -> {
                        GroupShare.await(
                                "The reader",
                                "some.topic",
                                "some.group",
                                Promise.<Void>promise().future(),
                                Duration.ofMillis(20));
                        return "a share";
                    }));
            String sentence = String.valueOf(failure.getMessage());
            assertTrue(
                    sentence.startsWith("The reader was given no share of some.topic")
                            && sentence.contains(" group some.group,")
                            && sentence.endsWith("start again."),
                    sentence);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
