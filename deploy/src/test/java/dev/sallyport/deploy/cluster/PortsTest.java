package dev.sallyport.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Only Linux holds ports for others; elsewhere the class says so. */
@EnabledOnOs(OS.LINUX)
class PortsTest {

    private static final int MANY = 500;

    @Test
    void aPortThatIsTakenIsGivenToNobodyWhoAsksForAnyPort() throws IOException {
        Set<Integer> ours = new HashSet<>();
        List<ServerSocket> others = new ArrayList<>();
        try (Ports ports = new Ports();
                Ports another = new Ports()) {
            for (int i = 0; i < MANY; i++) {
                assertTrue(ours.add(ports.take()));
                assertTrue(ours.add(another.take()));
            }
            for (int i = 0; i < MANY; i++) {
                others.add(new ServerSocket(0, 1, loopback()));
                assertFalse(ours.contains(others.getLast().getLocalPort()));
            }
        } finally {
            for (ServerSocket other : others) {
                other.close();
            }
        }
    }

    @Test
    void whoAsksForItByNumberGetsItAgainAndAgain() throws IOException {
        try (Ports ports = new Ports()) {
            int port = ports.take();
            for (int i = 0; i < 3; i++) {
                try (ServerSocket server = new ServerSocket(port, 1, loopback());
                        Socket client = new Socket(loopback(), port);
                        Socket served = server.accept()) {
                    served.getOutputStream().write('!');
                    assertTrue(client.getInputStream().read() == '!');
                }
            }
        }
    }

    @Test
    void whileNoServerHasItConnectionsAreRefused() {
        try (Ports ports = new Ports()) {
            InetSocketAddress nobody = new InetSocketAddress(loopback(), ports.take());
            try (Socket client = new Socket()) {
                assertThrows(ConnectException.class, () -> client.connect(nobody));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }
}
