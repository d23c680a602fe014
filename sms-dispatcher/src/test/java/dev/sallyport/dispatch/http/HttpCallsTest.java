package dev.sallyport.dispatch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.sms.FailureClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class HttpCallsTest {

    private static final int MAX_BYTES = 1_000;
    private static final String TEXT = "Body=123456";

    /** As for a process that was stopped while its call was on its way out. */
    @Test
    void aBodyThatWouldLeaveTooLateNeverLeaves() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpCalls calls = calls(Duration.ofMillis(2_001))) {
            CompletableFuture<String> seen = new CompletableFuture<>();
            Thread.startVirtualThread(() -> seen.complete(all(server)));
            NoAnswer late = assertThrows(NoAnswer.class, () -> calls.exchange(post(server.getLocalPort())));
            assertEquals("left-too-late", late.code());
            assertEquals(FailureClass.NO_CONNECTION, late.failureClass(), "surely not sent");
            assertFalse(seen.get(10, TimeUnit.SECONDS).contains(TEXT));
        }
    }

    @Test
    void aBodyThatLeavesInTimeArrivesWhole() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (HttpCalls calls = calls(Duration.ofMillis(2_000))) {
            assertEquals(
                    TEXT, calls.exchange(post(server.getAddress().getPort())).body());
        } finally {
            server.stop(0);
        }
    }

    /** Calls by whose clock so much time passes between their beginning and their body. */
    private static HttpCalls calls(Duration untilBody) {
        Iterator<Long> times = List.of(0L, untilBody.toNanos()).iterator();
        LongSupplier clock = times::next;
        return new HttpCalls(HttpCalls.CONNECT_TIMEOUT, HttpCalls.CALL_TIMEOUT, MAX_BYTES, clock);
    }

    private static HttpRequest post(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .POST(BodyPublishers.ofString(TEXT))
                .build();
    }

    /** All that comes on the first connection until it is closed. */
    private static String all(ServerSocket server) {
        try (Socket socket = server.accept()) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
