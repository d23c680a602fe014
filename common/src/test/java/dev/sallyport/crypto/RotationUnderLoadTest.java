package dev.sallyport.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.Role;
import dev.sallyport.crypto.KeyRotation.Stage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes make and read things all the time while every keyset is rotated again and again. What one node made any other
 * must read, whichever of them has reread its keys so far: nodes reread by hand, one after the other in changing order,
 * and all of them work in between.
 */
class RotationUnderLoadTest {

    private static final int ITEMS_BETWEEN_STEPS = 3;
    private static final Set<Role> WEB = EnumSet.of(Role.LOGIN, Role.ENROLLMENT);
    private static final Set<Role> DISPATCHER = EnumSet.of(Role.SMS_DISPATCHER);
    private static final byte[] SECRET = "+15005550006 123456".getBytes(UTF_8);
    private static final SealContext CONTEXT = new SealContext("send-code", "c1", "p1", Instant.EPOCH);
    private static final SignedParts PARTS = new SignedParts(Map.of("ce_id", "m1"), "p1", SECRET);

    /** A keyring, and how a change of the operator's folder gets to it. */
    private record Node(Keyring keyring, Runnable copy) {
        void catchUp() {
            copy.run();
            assertEquals(List.of(), keyring.reload().problems());
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Item(
            long id,
            byte[] field,
            byte[] mac,
            String phone,
            String lookup,
            String token,
            byte[] sealed,
            byte[] signedByLogin,
            byte[] signedByEnrollment) {}

    @TempDir
    Path temp;

    private final Random order = new Random(7);
    private final AtomicLong ids = new AtomicLong();
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Item> travelling = new ArrayBlockingQueue<>(8);
    private final Queue<String> unreadable = new ConcurrentLinkedQueue<>();
    private final Semaphore read = new Semaphore(0);
    private final List<Thread> traffic = new ArrayList<>();

    private Path folder;
    private KeyRotation rotation;
    private List<Node> web;
    private List<Node> dispatchers;

    @BeforeEach
    void init() {
        folder = temp.resolve("keys");
        rotation = new KeyRotation(folder);
        new KeyFolder(folder).init();
    }

    @AfterEach
    void stop() throws InterruptedException {
        traffic.forEach(Thread::interrupt);
        for (Thread thread : traffic) {
            thread.join();
        }
    }

    @Test
    void nothingIsUnreadableWhileNodesReadOneFolder() throws InterruptedException {
        web = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            web.add(new Node(Keyring.open(folder, EnumSet.allOf(Role.class)), () -> {}));
        }
        dispatchers = web;
        rotateEverythingUnderLoad(3);
    }

    @Test
    void nothingIsUnreadableWhileFoldersAreCopiedAround() throws InterruptedException {
        web = List.of(copied(WEB, "web1"), copied(WEB, "web2"));
        dispatchers = List.of(copied(DISPATCHER, "dispatcher1"), copied(DISPATCHER, "dispatcher2"));
        rotateEverythingUnderLoad(2);
    }

    private Node copied(Set<Role> roles, String name) {
        Runnable copy = () -> new KeyFolder(folder).export(roles, temp.resolve(name));
        copy.run();
        return new Node(Keyring.open(temp.resolve(name), roles), copy);
    }

    private void rotateEverythingUnderLoad(int rounds) throws InterruptedException {
        byte[] stored = new AccountCipher(web.getFirst().keyring()).encrypt("a1", "totp-seed", SECRET);
        for (int i = 0; i < 2; i++) {
            traffic.add(Thread.ofPlatform().start(this::make));
            traffic.add(Thread.ofPlatform().start(this::read));
        }
        for (int round = 0; round < rounds; round++) {
            for (Keyset keyset : Keyset.values()) {
                step(keyset, Stage.ADD);
                step(keyset, Stage.PROMOTE);
                awaitWhatIsUnderWay();
                if (keyset == Keyset.ACCOUNT_DATA) {
                    stored = new AccountCipher(web.getFirst().keyring())
                            .renewed("a1", "totp-seed", stored)
                            .orElseThrow();
                }
                step(keyset, Stage.RETIRE);
                step(keyset, Stage.DESTROY);
            }
        }
        for (Node node : web) {
            assertArrayEquals(SECRET, new AccountCipher(node.keyring()).decrypt("a1", "totp-seed", stored));
        }
    }

    private void step(Keyset keyset, Stage stage) throws InterruptedException {
        rotation.run(keyset, stage);
        List<Node> nodes = new ArrayList<>(web);
        if (dispatchers != web) {
            nodes.addAll(dispatchers);
        }
        Collections.shuffle(nodes, order);
        for (Node node : nodes) {
            awaitReads(ITEMS_BETWEEN_STEPS);
            node.catchUp();
        }
        awaitReads(ITEMS_BETWEEN_STEPS);
        assertEquals(List.of(), List.copyOf(unreadable), "%s, %s".formatted(keyset, stage));
    }

    private void awaitReads(int items) throws InterruptedException {
        read.drainPermits();
        assertTrue(read.tryAcquire(items, 60, TimeUnit.SECONDS), "traffic stands still");
    }

    private void awaitWhatIsUnderWay() throws InterruptedException {
        Set<Long> now = Set.copyOf(underWay);
        while (!Collections.disjoint(now, underWay)) {
            awaitReads(1);
        }
    }

    private void make() {
        while (!Thread.currentThread().isInterrupted()) {
            Keyring keyring = any(web).keyring();
            long id = ids.incrementAndGet();
            underWay.add(id);
            try {
                travelling.put(new Item(
                        id,
                        new AccountCipher(keyring).encrypt("a1", "phone", SECRET),
                        new CodeMac(keyring).of("c1", "123456"),
                        new PhoneKeys(keyring).of("+15005550006"),
                        new Lookup(keyring).of("user", "ada"),
                        new WebTokens(keyring).sign("csrf", SECRET),
                        new CodeSeal(keyring).seal(SECRET, CONTEXT),
                        new EventSigner(keyring, Role.LOGIN).sign(PARTS),
                        new EventSigner(keyring, Role.ENROLLMENT).sign(PARTS)));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void read() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Item item = travelling.take();
                check(item, any(web).keyring(), any(dispatchers).keyring());
                underWay.remove(item.id());
                read.release();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void check(Item item, Keyring ofWeb, Keyring ofDispatcher) {
        expect("field", () -> Arrays.equals(SECRET, new AccountCipher(ofWeb).decrypt("a1", "phone", item.field())));
        expect("mac", () -> new CodeMac(ofWeb).matches("c1", "123456", item.mac()));
        expect("phone", () -> new PhoneKeys(ofWeb).all("+15005550006").contains(item.phone()));
        expect("lookup", () -> new Lookup(ofWeb).all("user", "ada").contains(item.lookup()));
        expect("token", () -> new WebTokens(ofWeb).verify("csrf", item.token()).isPresent());
        expect("seal", () -> Arrays.equals(SECRET, new CodeOpener(ofDispatcher).open(item.sealed(), CONTEXT)));
        EventVerifier verifier = new EventVerifier(ofDispatcher);
        expect("login", () -> isVerified(verifier, Role.LOGIN, item.signedByLogin()));
        expect("enrollment", () -> isVerified(verifier, Role.ENROLLMENT, item.signedByEnrollment()));
    }

    private static boolean isVerified(EventVerifier verifier, Role producer, byte[] signature) {
        verifier.verify(producer, PARTS, signature);
        return true;
    }

    private void expect(String what, BooleanSupplier readable) {
        try {
            if (!readable.getAsBoolean()) {
                unreadable.add(what);
            }
        } catch (RuntimeException e) {
            unreadable.add(what + ": " + e.getMessage());
        }
    }

    private static Node any(List<Node> nodes) {
        return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
    }
}
