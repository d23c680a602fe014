package dev.sallyport.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A cable between a client and a server of this machine that a test can pull out. It forwards until told otherwise, and
 * goes on forwarding on the same port once it is told to {@link #restore}.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flows = lock.newCondition();
    private volatile @Nullable InetSocketAddress server;
    private boolean hanging;
    private @Nullable ServerSocket door;

    /** On a free port, leading nowhere before it is {@link #plugInto plugged in}. */
    public TcpProxy() {
        ServerSocket bound = listen(0);
        this.port = bound.getLocalPort();
        open(bound);
    }

    /** Leads to a port of this machine from now on. */
    public void plugInto(int serverPort) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
    }

    public int port() {
        return port;
    }

    /** Resets every connection; new ones are served. */
    public void cut() {
        open.forEach(this::reset);
    }

    /** Resets every connection and refuses new ones, as when the server's process is gone. */
    public void refuse() {
        lock.lock();
        try {
            if (door != null) {
                door.close();
                door = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
        cut();
    }

    /** Takes connections and bytes and passes nothing on, as when the server's machine is frozen. */
    public void hang() {
        lock.lock();
        try {
            hanging = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends {@link #refuse} and {@link #hang}; bytes that were held back are passed on. */
    public void restore() {
        lock.lock();
        try {
            hanging = false;
            flows.signalAll();
            if (door == null) {
                open(listen(port));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        refuse();
        lock.lock();
        try {
            hanging = false;
            flows.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(ServerSocket bound) {
        door = bound;
        Thread.startVirtualThread(() -> accept(bound));
    }

    private void accept(ServerSocket bound) {
        while (!bound.isClosed()) {
            try {
                Socket client = bound.accept();
                Thread.startVirtualThread(() -> connect(client));
            } catch (IOException e) {
                return; // the door was shut
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        Socket upstream = new Socket();
        open.add(upstream);
        try {
            awaitFlow();
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(Objects.requireNonNull(server, "plug it in first"));
            Thread.startVirtualThread(() -> pump(upstream, client));
            pump(client, upstream);
        } catch (IOException | InterruptedException e) {
            reset(client);
            reset(upstream);
        }
    }

    /** Passes bytes on until one side ends, then ends the other. */
    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, count);
            }
            awaitFlow();
            to.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            reset(from);
            reset(to);
        } finally {
            if (from.isClosed() || to.isClosed() || from.isOutputShutdown()) {
                reset(from);
                reset(to);
            }
        }
    }

    private void awaitFlow() throws InterruptedException {
        lock.lock();
        try {
            while (hanging) {
                flows.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes with a reset, which the other side can't take for an orderly end. */
    private void reset(Socket socket) {
        open.remove(socket);
        try (socket) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It was closed already.
        }
    }
}
