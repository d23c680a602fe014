package dev.sallyport.deploy.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Free ports of 127.0.0.1 for processes that are started, killed and started again. On Linux each is held by a socket that
 * is bound and does not listen: the kernel then gives the port to nobody who asks for any port and to no outgoing
 * connection, and still lets a server have it that asks for it by number, as servers in Java do, with
 * {@code SO_REUSEADDR}. Elsewhere a port is only free at the moment when it is taken here.
 */
public final class Ports implements AutoCloseable {

    private static final boolean HELD = System.getProperty("os.name").equals("Linux");

    private final Queue<Socket> held = new ConcurrentLinkedQueue<>();

    /** One that was not taken before. */
    public int take() {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            int port = socket.getLocalPort();
            if (HELD) {
                held.add(socket);
            } else {
                socket.close();
            }
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of all of them. */
    @Override
    public void close() {
        for (Socket socket = held.poll(); socket != null; socket = held.poll()) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
