package dev.sallyport.password.sodium;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.password.BreachedPasswords;
import dev.sallyport.password.BundledPasswords;
import dev.sallyport.password.Password;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VertxBreachedPasswordsTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void looksUpInEveryListOnWorkerThreads() {
        var threads = ConcurrentHashMap.<String>newKeySet();
        BreachedPasswords recording = password -> {
            threads.add(Thread.currentThread().getName());
            return password.equals(Password.typed("seven lazy walnuts"));
        };
        var breached = new VertxBreachedPasswords(vertx, new BundledPasswords().or(recording));
        assertTrue(breached.contains(Password.typed("password123")));
        assertTrue(breached.contains(Password.typed("seven lazy walnuts")));
        assertFalse(breached.contains(Password.typed("seven lazy pianos")));
        assertTrue(threads.stream().allMatch(name -> name.startsWith("sallyport-breached")), threads::toString);
        breached.stop();
    }

    @Test
    void aListThatCannotBeReadIsAFailure() {
        var breached = new VertxBreachedPasswords(vertx, password -> {
            throw new UncheckedIOException(new IOException("the disk is gone"));
        });
        assertThrows(UncheckedIOException.class, () -> breached.contains(Password.typed("password123")));
        breached.stop();
    }
}
