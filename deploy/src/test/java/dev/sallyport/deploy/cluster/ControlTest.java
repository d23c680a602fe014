package dev.sallyport.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {

    @TempDir
    Path folder;

    private final Queue<List<String>> obeyed = new ConcurrentLinkedQueue<>();
    private Control control;

    @BeforeEach
    void open() {
        control = Control.open(folder, (words, tell) -> {
            obeyed.add(words);
            switch (words.getFirst()) {
                case "fail" -> throw new ClusterFailed("That can't be done:\nits log ends so", null);
                case "break" -> throw new IllegalStateException("unforeseen");
                default -> {}
            }
            tell.accept("done: " + words.getLast());
            tell.accept("and done");
        });
    }

    @AfterEach
    void close() {
        control.close();
    }

    private List<String> order(String... words) {
        List<String> answer = new ArrayList<>();
        Control.order(folder, answer::add, words);
        return answer;
    }

    /** What a stranger gets who has found the port. */
    private String say(String line) throws IOException {
        int port = Integer.parseInt(Files.readString(folder.resolve("control")).split(" ", 2)[0]);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anOrderIsCarriedOutAndAnswered() {
        assertEquals(List.of("done: login-1", "and done"), order("kill", "login-1"));
        assertEquals(List.of("kill", "login-1"), obeyed.peek());
    }

    @Test
    void whatCantBeDoneIsAFailureOfWhoOrderedIt() {
        ClusterFailed failure = assertThrows(ClusterFailed.class, () -> order("fail"));
        assertEquals("That can't be done:\nits log ends so", failure.getMessage());
        ClusterFailed mistake = assertThrows(ClusterFailed.class, () -> order("break"));
        assertTrue(mistake.getMessage().contains("unforeseen"), mistake.getMessage());
        assertEquals(List.of("done: login-1", "and done"), order("kill", "login-1"), "and goes on");
    }

    @Test
    void aClusterThatEndsMeanwhileHasCarriedNothingOut() throws IOException {
        control.close();
        try (ServerSocket dying = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(folder.resolve("control"), dying.getLocalPort() + " word\n");
            Thread.ofVirtual().start(() -> {
                try (Socket caller = dying.accept()) {
                    caller.getOutputStream().write("+half of it\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            ClusterFailed failure = assertThrows(ClusterFailed.class, () -> order("roll"));
            assertTrue(failure.getMessage().contains("ended before"), failure.getMessage());
        }
    }

    @Test
    void whoDoesNotKnowTheWordIsNotListenedTo() throws IOException {
        for (String line : List.of("", "\n", "kill login-1\n", "guess kill login-1\n", "x".repeat(100_000))) {
            assertEquals("", say(line));
        }
        assertTrue(obeyed.isEmpty());
    }

    @Test
    void theWordIsForTheOwnerAlone() throws IOException {
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("control"))));
    }

    @Test
    void withoutAClusterAnOrderSaysHowToStartOne() {
        control.close();
        assertFalse(Files.exists(folder.resolve("control")));
        ClusterFailed failure = assertThrows(ClusterFailed.class, () -> order("status"));
        assertTrue(failure.getMessage().contains("./sallyport cluster up"), failure.getMessage());
    }
}
