package dev.sallyport.dispatch.twilio.fake;

import dev.sallyport.dispatch.twilio.TwilioConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Twilio on this machine. Requests that break the contract are refused with Twilio's codes and noted; the others are
 * treated as {@link #next} and {@link #always} say, else by the magic numbers, else accepted. Safe for use by many threads.
 */
public final class FakeTwilio implements AutoCloseable {

    public static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";
    public static final String AUTH_TOKEN = "fake-twilio-auth-token";
    /** The magic sender that works. */
    public static final String FROM = "+15005550006";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Ledger ledger = new Ledger();
    private final Script script = new Script();
    private final StatusCallbacks callbacks = new StatusCallbacks(ACCOUNT_SID, AUTH_TOKEN);
    private final Reports reports = new Reports(ledger, callbacks);

    private FakeTwilio(int port, InstantSource clock) {
        // Linger 0: a connection that the fake closes is reset, as by a failing load balancer.
        var options =
                new HttpServerOptions().setSoLinger(0).setHost("127.0.0.1").setPort(port);
        var endpoint = new MessagesEndpoint(vertx, ACCOUNT_SID, AUTH_TOKEN, ledger, script, reports, clock);
        server = vertx.createHttpServer(options).requestHandler(endpoint);
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    /** Runs until it is killed. One argument: the port. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("Give the port to listen on as the only argument");
        }
        var fake = onPort(Integer.parseInt(arguments[0]));
        new TreeMap<>(fake.environment()).forEach((name, value) -> System.out.println(name + '=' + value));
    }

    /** On a free port of loopback. */
    public static FakeTwilio start() {
        return start(InstantSource.system());
    }

    /** On a free port of loopback, with the time that the platform goes by. */
    public static FakeTwilio start(InstantSource clock) {
        return new FakeTwilio(0, clock);
    }

    public static FakeTwilio onPort(int port) {
        return new FakeTwilio(port, InstantSource.system());
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** What the product is told in its environment to send here. */
    public Map<String, String> environment() {
        return Map.of(
                "SALLYPORT_SMS_PROVIDER",
                "twilio",
                "SALLYPORT_TWILIO_BASE_URL",
                uri().toString(),
                "SALLYPORT_TWILIO_ACCOUNT_SID",
                ACCOUNT_SID,
                "SALLYPORT_TWILIO_AUTH_TOKEN",
                AUTH_TOKEN,
                "SALLYPORT_TWILIO_FROM",
                FROM);
    }

    /** What a client needs to send here, without callbacks. */
    public TwilioConfig config() {
        return new TwilioConfig(ACCOUNT_SID, AUTH_TOKEN, FROM, uri(), Optional.empty());
    }

    public Ledger ledger() {
        return ledger;
    }

    /** One request for each, before what {@link #always} says. */
    public void next(Fault... oneShots) {
        script.next(List.of(oneShots));
    }

    /** As {@link #next}, for requests of the list of messages. */
    public void nextLookUps(Fault... oneShots) {
        script.nextLookUps(List.of(oneShots));
    }

    /** Every request, until changed. */
    public void always(Fault fault) {
        script.always(fault);
    }

    /** Forgets {@link #next}, {@link #nextLookUps}, {@link #always}, {@link #delayAnswersBy} and {@link #reportAll}. */
    public void behave() {
        script.clear();
        reports.always();
    }

    /**
     * From now on these statuses are reported of each message that is accepted, in this order, repetitions included;
     * without arguments none. Numbers from +15005550010 to +15005550014 have a fate of their own.
     */
    public void reportAll(String... statuses) {
        reports.always(statuses);
    }

    /** Accepted messages are answered this much later, until changed. */
    public void delayAnswersBy(Duration longer) {
        script.delayBy(longer);
    }

    /**
     * Reports a status of an accepted message to its callback URL, and keeps it for those who fetch the message. Duplicates
     * and a wrong order are made by calling so.
     *
     * @return the HTTP status of the receiver's answer
     */
    public int sendCallback(SentMessage message, String status) throws IOException, InterruptedException {
        return sendCallback(message, status, OptionalInt.empty());
    }

    public int sendCallback(SentMessage message, String status, OptionalInt errorCode)
            throws IOException, InterruptedException {
        if (message.statusCallback().isEmpty()) {
            throw new IllegalStateException("The message was sent without a StatusCallback");
        }
        return reports.send(message, new Reports.Report(status, errorCode));
    }

    @Override
    public void close() {
        // First: a message may still be accepted because its connection is closed.
        vertx.close().toCompletionStage().toCompletableFuture().join();
        reports.close();
        callbacks.close();
    }
}
