package dev.sallyport.deploy.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker's two listening sockets, bound before anything else happens: a taken port is then a plain failure, where
 * Kafka itself would end the JVM, and a free port can't be lost between finding and using it.
 */
record KafkaSockets(ServerSocketChannel clients, ServerSocketChannel controller)
        implements ServerSocketFactory, AutoCloseable {

    private static final int BACKLOG = 50;

    /**
     * Binds the clients' port and the controller's; 0 is any free one.
     *
     * @throws EmbeddedFailure.PortTaken if one of them can't be bound
     */
    static KafkaSockets bind(int clientPort, int controllerPort) throws IOException {
        ServerSocketChannel clients;
        try {
            clients = listen(clientPort);
        } catch (IOException e) {
            throw new EmbeddedFailure.PortTaken("Kafka broker", clientPort, EmbeddedKafka.PORT_SETTING, e);
        }
        try {
            return new KafkaSockets(clients, listen(controllerPort));
        } catch (IOException e) {
            clients.close();
            throw new EmbeddedFailure.PortTaken("Kafka controller", controllerPort, "its part of --voters", e);
        }
    }

    int clientPort() {
        return clients.socket().getLocalPort();
    }

    int controllerPort() {
        return controller.socket().getLocalPort();
    }

    @Override
    public ServerSocketChannel openServerSocket(String listener, InetSocketAddress address, int backlog, int buffer) {
        return switch (listener) {
            case KafkaSettings.CLIENTS -> clients;
            case KafkaSettings.CONTROLLER -> controller;
            default -> throw new IllegalArgumentException("no socket for listener " + listener);
        };
    }

    @Override
    public void close() {
        Utils.closeQuietly(clients, "clients' socket");
        Utils.closeQuietly(controller, "controller's socket");
    }

    private static ServerSocketChannel listen(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
