package dev.sallyport.deploy.cluster;

import dev.sallyport.ExpectedFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Takes orders for a cluster from other processes of the same owner. An order is a line, its answer some lines, each with a
 * sign in front that tells what it is; without the last one nobody knows whether the order was carried out. Where to bring
 * it, and a word that proves to be of that owner, stand in a file that only the owner reads.
 */
public final class Control implements AutoCloseable {

    /** Carries out orders, one after the other. */
    public interface Orders {

        /**
         * Carries one out.
         *
         * @param tell takes the answer, line by line, while it is carried out
         */
        void obey(List<String> words, Consumer<String> tell) throws InterruptedException;
    }

    private static final String TOLD = "+";
    private static final String FAILED = "-";
    private static final String DONE = ".";

    private static final String FILE = "control";
    private static final int MOST_CHARACTERS = 1_000;

    private final Path file;
    private final ServerSocket server;
    private final String word = UUID.randomUUID().toString();
    private final Orders orders;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    private Control(Path file, ServerSocket server, Orders orders) {
        this.file = file;
        this.server = server;
        this.orders = orders;
    }

    /** Listens from now on; in a folder that others can't read. */
    public static Control open(Path folder, Orders orders) {
        try {
            ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Control control = new Control(folder.resolve(FILE), server, orders);
            control.write();
            Thread.ofPlatform().daemon().name("cluster-control").start(control::listen);
            return control;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, server.getLocalPort() + " " + word + "\n");
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                Thread.ofVirtual().name("cluster-order").start(() -> answer(caller));
            } catch (IOException e) {
                // Closed, or a caller that is gone already.
                Thread.onSpinWait();
            }
        }
    }

    private void answer(Socket caller) {
        try (caller;
                BufferedReader in = reader(caller);
                PrintWriter out = writer(caller)) {
            List<String> words = Arrays.asList(line(in).split(" ", -1));
            if (!MessageDigest.isEqual(bytes(words.getFirst()), bytes(word))) {
                return;
            }
            oneAtATime.lock();
            try {
                orders.obey(words.subList(1, words.size()), line -> out.println(TOLD + line));
                out.println(DONE);
            } catch (ExpectedFailure e) {
                String.valueOf(e.getMessage()).lines().forEach(line -> out.println(FAILED + line));
            } catch (RuntimeException e) {
                out.println(FAILED + "The cluster made a mistake: " + e);
            } finally {
                oneAtATime.unlock();
            }
        } catch (IOException e) {
            // Who asked is gone; what was begun is done.
            Thread.onSpinWait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < MOST_CHARACTERS; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    /**
     * Brings an order to the cluster of a folder and passes its answer on until it is carried out.
     *
     * @throws ClusterFailed if none runs there, or it could not carry it out
     */
    public static void order(Path folder, Consumer<String> tell, String... words) {
        try {
            String[] where = Files.readString(folder.resolve(FILE)).strip().split(" ", 2);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(where[0]));
                    PrintWriter out = writer(socket);
                    BufferedReader in = reader(socket)) {
                out.println(where[1] + ' ' + String.join(" ", words));
                pass(in, tell);
            }
        } catch (IOException e) {
            throw noCluster(folder, e);
        }
    }

    private static void pass(BufferedReader in, Consumer<String> tell) {
        List<String> failure = new ArrayList<>();
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals(DONE)) {
                    return;
                }
                String text = line.substring(1);
                if (line.startsWith(FAILED)) {
                    failure.add(text);
                } else {
                    tell.accept(text);
                }
            }
        } catch (IOException e) {
            failure.clear();
        }
        throw new ClusterFailed(
                failure.isEmpty()
                        ? "The cluster ended before it had carried that out; where it was started it says why."
                        : String.join("\n", failure),
                null);
    }

    private static ClusterFailed noCluster(Path folder, IOException cause) {
        return new ClusterFailed(
                "No cluster runs in %s; start one with ./sallyport cluster up, or name the folder of one that runs with SALLYPORT_DATA_DIR."
                        .formatted(folder.toAbsolutePath().normalize()),
                cause);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static PrintWriter writer(Socket socket) throws IOException {
        return new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits for the order that is carried out just now. */
    @Override
    public void close() {
        oneAtATime.lock();
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            oneAtATime.unlock();
        }
    }
}
