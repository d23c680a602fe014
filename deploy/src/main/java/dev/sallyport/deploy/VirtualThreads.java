package dev.sallyport.deploy;

import dev.sallyport.ExpectedFailure;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs an operator's command where the adapters can wait. */
final class VirtualThreads {

    private VirtualThreads() {}

    /** Calls work on a Vert.x virtual thread and waits for it on this plain one. */
    static <T> T call(Vertx vertx, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        AbstractVerticle worker = new AbstractVerticle() {
            @Override
            public void start() throws Exception {
                result.complete(work.call());
            }
        };
        try {
            // Not before the deployment is done as well: the caller may close Vert.x next.
            return vertx.deployVerticle(
                            worker, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                    .toCompletionStage()
                    .thenCompose(deployed -> result)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ExpectedFailure expected) {
                throw expected;
            }
            throw e;
        }
    }
}
