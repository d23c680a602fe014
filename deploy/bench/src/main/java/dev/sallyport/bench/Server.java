package dev.sallyport.bench;

import dev.sallyport.deploy.embedded.EmbeddedKafka;
import dev.sallyport.deploy.embedded.EmbeddedMongo;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;

/**
 * The other processes of a bench, each in a JVM of its own so that its processor time is its own: {@code store FOLDER
 * PORT}, {@code broker FOLDER PORT} or {@code hello PORT}. Prints {@code ready}, runs until it is killed.
 */
final class Server {

    /** As a database of production has it: what benches ask for is in memory. */
    private static final int STORE_CACHE_MEGABYTES = 1024;

    private Server() {}

    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "store" ->
                new EmbeddedMongo(Path.of(arguments[1]), Integer.parseInt(arguments[2]), STORE_CACHE_MEGABYTES).start();
            case "broker" -> new EmbeddedKafka(Path.of(arguments[1]), Integer.parseInt(arguments[2])).start();
            case "hello" -> hello(Integer.parseInt(arguments[1]));
            default -> throw new IllegalArgumentException("store, broker or hello, not " + arguments[0]);
        }
        System.out.println("ready");
    }

    /** A bare Vert.x server with as many event loops as the product's pages. */
    private static void hello(int port) {
        int loops = 2 * Runtime.getRuntime().availableProcessors();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        for (int i = 0; i < loops; i++) {
            vertx.deployVerticle(new AbstractVerticle() {
                        @Override
                        public void start(Promise<Void> started) {
                            vertx.createHttpServer()
                                    .requestHandler(
                                            request -> request.response().end("hello"))
                                    .listen(port, "127.0.0.1")
                                    .<Void>mapEmpty()
                                    .onComplete(started);
                        }
                    })
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }
}
