package dev.sallyport.password.sodium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.password.HashingOverloaded;
import dev.sallyport.password.Password;
import dev.sallyport.password.PasswordHasher;
import dev.sallyport.password.PasswordHasherContract;
import dev.sallyport.password.Verification;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract's calls come from a plain thread, as the command line's do. */
class SodiumPasswordHasherTest extends PasswordHasherContract {

    private static Vertx vertx;
    private static SodiumPasswordHasher hasher;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        hasher = new SodiumPasswordHasher(vertx, new SecureRandom());
    }

    @AfterAll
    static void stop() {
        hasher.stop();
        vertx.close().await();
    }

    @Override
    protected PasswordHasher hasher() {
        return hasher;
    }

    @Test
    void aVirtualThreadVerticleServesOthersWhileItWaitsForAHash() {
        var meanwhile = new AtomicInteger();
        var result = new AtomicReference<Verification>();
        onVerticle(ThreadingModel.VIRTUAL_THREAD, () -> {
            Password password = Password.typed("seven lazy walnuts");
            String hash = hasher.hash(password);
            int before = meanwhile.get();
            vertx.runOnContext(nothing -> meanwhile.incrementAndGet());
            result.set(hasher.verify(password, hash));
            assertEquals(before + 1, meanwhile.get(), "another task of the same context ran in between");
        });
        assertTrue(result.get().matches());
    }

    @Test
    void anEventLoopIsToldThatItMustNotWait() {
        assertThrows(
                IllegalStateException.class,
                () -> onVerticle(ThreadingModel.EVENT_LOOP, () -> hasher.hash(Password.typed("seven lazy walnuts"))));
    }

    @Test
    void aFloodIsAnsweredInFullOrRefusedAtOnce() throws InterruptedException {
        Password right = Password.typed("seven lazy walnuts");
        String hash = hasher.hash(right);
        int perSecond =
                (int) (Duration.ofSeconds(1).toNanos() / hasher.hashTime().toNanos());
        int limit = Runtime.getRuntime().availableProcessors() * (1 + perSecond);
        int calls = 3 * limit + 50;
        List<Future<Verification>> flood = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < calls; i++) {
                flood.add(threads.submit(() -> hasher.verify(right, hash)));
            }
        }
        int answered = 0;
        int refused = 0;
        for (Future<Verification> call : flood) {
            try {
                assertTrue(call.get().matches());
                answered++;
            } catch (ExecutionException e) {
                var overloaded = assertInstanceOf(HashingOverloaded.class, e.getCause());
                assertEquals(Duration.ofSeconds(1), overloaded.retryAfter());
                refused++;
            }
        }
        assertEquals(calls, answered + refused);
        assertTrue(answered >= limit - 2 * Runtime.getRuntime().availableProcessors(), answered + " answered");
        assertTrue(refused > 0, "none refused");
        assertTrue(hasher.verify(right, hash).matches(), "there is room again");
    }

    private static void onVerticle(ThreadingModel model, Runnable work) {
        var verticle = new AbstractVerticle() {
            @Override
            public void start() {
                work.run();
            }
        };
        String id = vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model))
                .await();
        vertx.undeploy(id).await();
    }
}
