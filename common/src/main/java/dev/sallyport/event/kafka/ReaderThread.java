package dev.sallyport.event.kafka;

import dev.sallyport.OutageLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A plain consumer on a thread of its own. The Vert.x client does not fit: it polls again at once when a poll fails, and
 * does not poll at all while it is paused, which costs it its place in the group.
 */
public final class ReaderThread {

    /** What is done with the consumer; what it throws ends the connection, and another is made a second later. */
    public interface Work {

        /** Right after the connection was made. */
        void begin(Consumer<byte[], byte[]> consumer);

        /** Again and again until it is stopped; polls, and takes no more than a second or two. */
        void step(Consumer<byte[], byte[]> consumer);

        /** Right before it disconnects because it is stopped. */
        void end(Consumer<byte[], byte[]> consumer);
    }

    /** How long disconnecting waits for a broker that may have gone. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final long RETRY_MILLIS = 1_000;

    private final Supplier<Consumer<byte[], byte[]>> connect;
    private final Work work;
    private final OutageLog outage;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);

    public ReaderThread(String name, Supplier<Consumer<byte[], byte[]>> connect, Work work, OutageLog outage) {
        this.connect = connect;
        this.work = work;
        this.outage = outage;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Returns once the connection has ended. */
    public void stop() throws InterruptedException {
        // Not woken up: a wake-up would also break off the last commit, and a poll ends soon by itself.
        stopping.countDown();
        thread.join();
    }

    private void run() {
        do {
            try (Connection connection = new Connection(connect.get())) {
                connection.work();
            } catch (RuntimeException e) {
                outage.failed(e);
            }
        } while (!isStoppingWithin(RETRY_MILLIS));
    }

    private boolean isStoppingWithin(long millis) {
        try {
            return stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private final class Connection implements AutoCloseable {

        private final Consumer<byte[], byte[]> consumer;

        Connection(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        void work() {
            work.begin(consumer);
            while (!isStoppingWithin(0)) {
                work.step(consumer);
                outage.worked();
            }
            work.end(consumer);
        }

        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }
}
