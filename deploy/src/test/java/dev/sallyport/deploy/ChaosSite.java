package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Two processes of each role, each with the keys of its role alone, on a broker and a store behind cables. */
final class ChaosSite implements AutoCloseable {

    private static final int OF_EACH = 2;

    final FaultyServers servers = FaultyServers.start();
    final FakeTwilio twilio = FakeTwilio.start();
    private final Map<Role, List<RoleProcess>> processes = new EnumMap<>(Role.class);
    private final Path folder;
    private final Path allKeys;

    /** Starts them; they are not ready yet. */
    ChaosSite(Path folder) {
        this.folder = folder;
        this.allKeys = folder.resolve("keys");
        new KeyFolder(allKeys).init();
        exportKeys();
        for (Role role : Role.values()) {
            List<RoleProcess> started = new ArrayList<>();
            for (int i = 1; i <= OF_EACH; i++) {
                started.add(new RoleProcess(folder.resolve(role + "-" + i + ".log"), environment(role)));
            }
            processes.put(role, started);
        }
    }

    private Map<String, String> environment(Role role) {
        Map<String, String> environment = new HashMap<>(servers.settings("chaos"));
        environment.put("SALLYPORT_ROLES", role.toString());
        environment.put("SALLYPORT_KEYS_DIR", keys(role).toString());
        environment.put("SALLYPORT_KAFKA_REPLICATION", "1");
        environment.put("SALLYPORT_PUBLIC_URL", "http://localhost:8080");
        environment.put("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
        environment.put("SALLYPORT_SMS_PROVIDER", "twilio");
        environment.put("SALLYPORT_TWILIO_ACCOUNT_SID", twilio.config().accountSid());
        environment.put("SALLYPORT_TWILIO_AUTH_TOKEN", twilio.config().authToken());
        environment.put("SALLYPORT_TWILIO_FROM", twilio.config().from());
        environment.put("SALLYPORT_TWILIO_BASE_URL", twilio.uri().toString());
        // Each message names its order to Twilio there, which tells orders that are texted twice.
        environment.put("SALLYPORT_LIMITS_MONEY_MODE", "record-only");
        environment.put("SALLYPORT_SMS_CALLBACK_URL", "https://news.example.com/callbacks");
        return environment;
    }

    /** A node that serves a path, at random. */
    String node(String path) {
        boolean enrollment = Stream.of("/sign-up", "/user", "/enable", "/disable", "/auth-qr")
                .anyMatch(path::startsWith);
        List<RoleProcess> nodes = processes.get(enrollment ? Role.ENROLLMENT : Role.LOGIN);
        return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size())).url();
    }

    /** Waits until every process is ready, and starts those again that could not start. */
    void awaitReady() throws InterruptedException {
        Await.until(Duration.ofSeconds(120), () -> {
            startEndedOnesAgain();
            return all().stream().allMatch(RoleProcess::isReady);
        });
    }

    /** What a supervisor does in production; returns how many had ended by themselves. */
    int startEndedOnesAgain() {
        return (int) all().stream().filter(RoleProcess::startAgainIfEnded).count();
    }

    private List<RoleProcess> all() {
        return processes.values().stream().flatMap(List::stream).toList();
    }

    /** Kills one with SIGKILL and starts it again; returns its role. */
    Role killOne(Random random) {
        Role role = Role.values()[random.nextInt(Role.values().length)];
        processes.get(role).get(random.nextInt(OF_EACH)).killAndStartAgain();
        return role;
    }

    /** One step of a rotation, brought to every process that holds the keyset, and waited for. */
    void rotate(Keyset keyset, String stage) throws InterruptedException {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told, true);
        String[] command = {"keys", "--dir", allKeys.toString(), "rotate", keyset.toString(), "--stage", stage};
        if (Sallyport.run(command, Map.of(), out, out) != 0) {
            throw new AssertionError(told.toString());
        }
        Map<RoleProcess, Integer> before = new HashMap<>();
        processes.forEach((role, holders) -> {
            if (holds(role, keyset)) {
                holders.forEach(process -> before.put(process, rereadings(process)));
            }
        });
        exportKeys();
        Await.until(Duration.ofSeconds(60), () -> before.entrySet().stream()
                .allMatch(one -> rereadings(one.getKey()) > one.getValue()));
    }

    private boolean holds(Role role, Keyset keyset) {
        try (Stream<Path> files = Files.list(keys(role))) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(keyset + "."));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int rereadings(RoleProcess process) {
        return process.log().split("Keys were reread", -1).length;
    }

    private void exportKeys() {
        for (Role role : Role.values()) {
            new KeyFolder(allKeys).export(Set.of(role), keys(role));
        }
    }

    private Path keys(Role role) {
        return folder.resolve("keys-" + role);
    }

    /** Lines of the processes' logs that tell of mistakes of ours; libraries also call a cut connection an error. */
    List<String> errors() {
        return all().stream()
                .flatMap(process -> process.log().lines())
                .filter(line -> line.contains(" ERROR ") && line.matches(".*(Failures|DispatchLoop): .*"))
                .toList();
    }

    @Override
    public void close() {
        all().forEach(RoleProcess::close);
        twilio.close();
        servers.close();
    }
}
