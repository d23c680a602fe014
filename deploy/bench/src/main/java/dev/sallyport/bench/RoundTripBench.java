package dev.sallyport.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts the commands that a sign-in sends to the store, by reading along between the two. */
final class RoundTripBench {

    private static final int SIGN_INS = 100;

    /** Commands that belong to connections and health checks. */
    private static final Set<String> NOT_OURS = Set.of("hello", "isMaster", "ismaster", "ping", "endSessions");

    private final Site site;
    private final Person person;
    private final Map<String, LongAdder> commands = new ConcurrentHashMap<>();

    RoundTripBench(Site site, Person person) {
        this.site = site;
        this.person = person;
    }

    void run(Report report) {
        NetServer between = site.vertx()
                .createNetServer()
                .connectHandler(this::connect)
                .listen(0, "127.0.0.1")
                .await();
        int port = Part.freePort();
        try (Part _ = Part.product("web-counted", site.webSettings(port, between.actualPort()))) {
            Browser first = site.visitor(port);
            person.signIn(first);
            Map<String, Double> signIn = count(() -> person.signIn(site.visitor(port)));
            Map<String, Double> page = count(() -> Person.expect(200, first.get("/user")));
            Map<String, Double> anonymous =
                    count(() -> Person.expect(200, site.visitor(port).get("/")));
            report.section(
                    "Round trips to the store", """
                    Commands for each, over %d in a row, read from the wire. Those of the sweeper, which looks every five seconds, are
                    in the fractions. Of a sign-in's, the `update` is the gathered late write, for which nobody waits.

                    | what | commands |
                    | --- | --- |
                    | sign-in with a password: page, form, account page | %s |
                    | account page, signed in | %s |
                    | sign-in page, visitor without cookies | %s |
                    """.formatted(SIGN_INS, shown(signIn), shown(page), shown(anonymous)));
        } finally {
            between.close();
        }
    }

    private Map<String, Double> count(Runnable task) {
        commands.clear();
        for (int i = 0; i < SIGN_INS; i++) {
            task.run();
        }
        // The late writes of the last ones.
        Machine.rest(200);
        Map<String, Double> each = new TreeMap<>();
        commands.forEach((name, count) -> each.put(name, count.sum() / (double) SIGN_INS));
        return each;
    }

    private static String shown(Map<String, Double> commands) {
        String text = commands.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "`%s` %.2f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    private void connect(NetSocket driver) {
        driver.pause();
        site.vertx()
                .createNetClient()
                .connect(site.storePort(), "127.0.0.1")
                .onSuccess(store -> {
                    Buffer[] unread = {Buffer.buffer()};
                    driver.handler(bytes -> {
                        unread[0] = counted(unread[0].appendBuffer(bytes));
                        store.write(bytes);
                    });
                    store.handler(driver::write);
                    driver.closeHandler(closed -> store.close());
                    store.closeHandler(closed -> driver.close());
                    driver.resume();
                })
                .onFailure(failure -> driver.close());
    }

    /** Counts the whole messages in the buffer and returns the rest. OP_MSG: 16 bytes header, 4 flags, 1 kind, BSON. */
    private Buffer counted(Buffer unread) {
        int start = 0;
        while (unread.length() - start >= 4 && unread.length() - start >= unread.getIntLE(start)) {
            int firstKey = start + 16 + 4 + 1 + 4 + 1;
            int end = firstKey;
            while (unread.getByte(end) != 0) {
                end++;
            }
            String command = unread.getString(firstKey, end, StandardCharsets.US_ASCII.name());
            if (unread.getIntLE(start + 12) == 2013 && !NOT_OURS.contains(command)) {
                commands.computeIfAbsent(command, name -> new LongAdder()).increment();
            }
            start += unread.getIntLE(start);
        }
        return unread.getBuffer(start, unread.length());
    }
}
