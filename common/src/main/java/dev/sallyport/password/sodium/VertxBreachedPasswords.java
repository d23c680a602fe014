package dev.sallyport.password.sodium;

import dev.sallyport.password.BreachedPasswords;
import dev.sallyport.password.Password;
import io.vertx.core.Vertx;

/**
 * Looks passwords up in another list on worker threads, so that a disk can't hold up a Vert.x context, nor the first
 * use of a list that is still to be loaded. A pool of its own: a slow disk does not slow sign-in. When too many wait,
 * {@link dev.sallyport.password.HashingOverloaded} is thrown.
 */
public final class VertxBreachedPasswords implements BreachedPasswords {

    private static final int THREADS = 2;

    /** On a disk that takes 10 ms for a search, one second of waiting. */
    private static final int LIMIT = 200;

    private final BreachedPasswords behind;
    private final BoundedWorkers workers;

    public VertxBreachedPasswords(Vertx vertx, BreachedPasswords behind) {
        this.behind = behind;
        this.workers = new BoundedWorkers(vertx, "sallyport-breached", THREADS, LIMIT);
    }

    @Override
    public boolean contains(Password password) {
        return workers.run(1, () -> behind.contains(password));
    }

    public void stop() {
        workers.stop();
    }
}
