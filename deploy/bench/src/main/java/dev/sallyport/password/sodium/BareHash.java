package dev.sallyport.password.sodium;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * The yardstick: a process that does nothing but the product's own Argon2id hash. For each line {@code THREADS
 * MILLISECONDS} on its input it hashes for so long on so many threads and prints how many it did.
 */
public final class BareHash {

    private BareHash() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Sodium sodium = Sodium.load();
        byte[] password = "a quiet harbour at dawn".getBytes(StandardCharsets.UTF_8);
        String stored = sodium.hash(password);
        System.out.println("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] parts = order.split(" ", -1);
            long end = System.nanoTime() + Long.parseLong(parts[1]) * 1_000_000;
            LongAdder hashes = new LongAdder();
            Thread[] threads = new Thread[Integer.parseInt(parts[0])];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = Thread.ofPlatform().start(() -> {
                    while (System.nanoTime() < end) {
                        if (!sodium.verify(stored, password)) {
                            throw new IllegalStateException("the hash does not match itself");
                        }
                        hashes.increment();
                    }
                });
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println(hashes.sum());
        }
    }
}
