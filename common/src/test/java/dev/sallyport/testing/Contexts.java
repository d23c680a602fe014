package dev.sallyport.testing;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;

/** Places where adapters can wait: Vert.x contexts whose work runs on virtual threads. */
public final class Contexts {

    private final Vertx vertx;
    private final List<Context> contexts = new ArrayList<>();

    public Contexts(Vertx vertx, int count) {
        this.vertx = vertx;
        for (int i = 0; i < count; i++) {
            contexts.add(context());
        }
    }

    private Context context() {
        CompletableFuture<Context> ready = new CompletableFuture<>();
        AbstractVerticle place = new AbstractVerticle() {
            @Override
            public void start(Promise<Void> started) {
                ready.complete(context);
                started.complete();
            }
        };
        vertx.deployVerticle(place, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .onFailure(ready::completeExceptionally);
        return ready.join();
    }

    /** Runs work and waits for it; an unchecked exception comes out as it is. */
    public <T> T call(Callable<T> work) {
        return joined(start(contexts.getFirst(), work));
    }

    /** Starts as many works at once, spread over all contexts, and waits for all. */
    public <T> List<T> atOnce(int count, IntFunction<T> work) {
        List<CompletableFuture<T>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            all.add(start(contexts.get(i % contexts.size()), () -> work.apply(number)));
        }
        return all.stream().map(Contexts::joined).toList();
    }

    private static <T> CompletableFuture<T> start(Context context, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(_ -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static <T> T joined(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw e;
        }
    }
}
