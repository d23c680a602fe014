package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class EmbeddedMongoIT {

    private static final int DUPLICATE_KEY = 11000;

    @TempDir
    Path temporary;

    private final List<EmbeddedMongo> started = new ArrayList<>();
    private final List<MongoClient> clients = new ArrayList<>();

    @AfterEach
    void stopAll() {
        clients.forEach(MongoClient::close);
        started.forEach(EmbeddedMongo::stop);
    }

    @Test
    void ofFiftyParallelClientsOneTakesTheToken() throws Exception {
        EmbeddedMongo mongo = start(mongo("data", 0));
        MongoCollection<Document> tokens = things(mongo);
        List<MongoCollection<Document>> theirs =
                IntStream.range(0, 50).mapToObj(number -> things(mongo)).toList();

        for (int round = 0; round < 20; round++) {
            Bson open = Filters.and(Filters.eq("_id", round), Filters.eq("state", "open"));
            one(tokens.insertOne(new Document("_id", round).append("state", "open")));

            long winners =
                    together(theirs, things -> one(things.findOneAndUpdate(open, Updates.set("state", "used"))))
                            .stream()
                            .filter(found -> found != null)
                            .count();

            assertEquals(1, winners, "round " + round);
        }
    }

    @Test
    void everyAnswerHoldsTheValuesOfItsOwnUpdate() throws Exception {
        EmbeddedMongo mongo = start(mongo("data", 0));
        one(things(mongo).insertOne(new Document("_id", "counter").append("count", 0)));
        List<MongoCollection<Document>> theirs =
                IntStream.range(0, 8).mapToObj(number -> things(mongo)).toList();
        FindOneAndUpdateOptions after = new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

        List<List<Integer>> counts = together(theirs, things -> {
            List<Integer> seen = new ArrayList<>();
            for (int turn = 0; turn < 250; turn++) {
                // Fields come and go, so that an answer encoded during a change would break and not only be wrong.
                Bson update = Updates.combine(
                        Updates.inc("count", 1),
                        Updates.set("field" + turn % 40, turn),
                        Updates.unset("field" + (turn + 20) % 40));
                seen.add(require(one(things.findOneAndUpdate(Filters.eq("_id", "counter"), update, after)))
                        .getInteger("count"));
            }
            return seen;
        });

        Set<Integer> distinct = new TreeSet<>();
        counts.forEach(distinct::addAll);
        assertEquals(new TreeSet<>(IntStream.rangeClosed(1, 2000).boxed().toList()), distinct);
    }

    @Test
    void aUniqueIndexRefusesTheSecond() {
        MongoCollection<Document> things = things(start(mongo("data", 0)));
        one(things.createIndex(Indexes.ascending("name"), new IndexOptions().unique(true)));
        one(things.insertOne(new Document("name", "first")));

        MongoWriteException refused =
                assertThrows(MongoWriteException.class, () -> one(things.insertOne(new Document("name", "first"))));

        assertEquals(ErrorCategory.DUPLICATE_KEY, refused.getError().getCategory());
        assertEquals(1, all(things).size());
    }

    @Test
    void aUniqueIndexHoldsUnderParallelInserts() throws Exception {
        EmbeddedMongo mongo = start(mongo("data", 0));
        one(things(mongo).createIndex(Indexes.ascending("name"), new IndexOptions().unique(true)));
        List<MongoCollection<Document>> theirs =
                IntStream.range(0, 50).mapToObj(number -> things(mongo)).toList();

        long accepted = together(theirs, EmbeddedMongoIT::insertsTheName).stream()
                .filter(inserted -> inserted)
                .count();

        assertEquals(1, accepted);
        assertEquals(1, all(things(mongo)).size());
    }

    @Test
    void aSparseUniqueIndexLeavesDocumentsWithoutTheFieldAlone() {
        MongoCollection<Document> things = things(start(mongo("data", 0)));
        one(things.createIndex(
                Indexes.ascending("email"), new IndexOptions().unique(true).sparse(true)));
        one(things.insertOne(new Document("_id", 1)));
        one(things.insertOne(new Document("_id", 2)));
        one(things.insertOne(new Document("_id", 3).append("email", "a@example.org")));

        MongoWriteException refused = assertThrows(
                MongoWriteException.class,
                () -> one(things.updateOne(Filters.eq("_id", 1), Updates.set("email", "a@example.org"))));

        assertEquals(ErrorCategory.DUPLICATE_KEY, refused.getError().getCategory());
    }

    @Test
    void anUpsertThatMeetsAnotherDocumentsKeyIsADuplicateKey() {
        MongoCollection<Document> things = things(start(mongo("data", 0)));
        one(things.createIndex(Indexes.ascending("name"), new IndexOptions().unique(true)));
        one(things.insertOne(new Document("_id", 1).append("name", "taken")));

        MongoWriteException refused = assertThrows(
                MongoWriteException.class,
                () -> one(things.updateOne(
                        Filters.eq("_id", 2), Updates.set("name", "taken"), new UpdateOptions().upsert(true))));
        MongoCommandException refusedToo = assertThrows(
                MongoCommandException.class,
                () -> one(things.findOneAndUpdate(
                        Filters.eq("_id", 2),
                        Updates.set("name", "taken"),
                        new FindOneAndUpdateOptions().upsert(true))));

        assertEquals(ErrorCategory.DUPLICATE_KEY, refused.getError().getCategory());
        assertEquals(DUPLICATE_KEY, refusedToo.getErrorCode());
    }

    /** How a limiter counts: the filter no longer matches once the limit is reached, so the upsert meets its own key. */
    @Test
    void anUpsertWhoseFilterNoLongerMatchesIsADuplicateKey() {
        MongoCollection<Document> things = things(start(mongo("data", 0)));
        Bson belowTwo = Filters.and(Filters.eq("_id", "limit"), Filters.lt("used", 2));
        FindOneAndUpdateOptions upsert = new FindOneAndUpdateOptions().upsert(true);
        one(things.findOneAndUpdate(belowTwo, Updates.inc("used", 1), upsert));
        one(things.findOneAndUpdate(belowTwo, Updates.inc("used", 1), upsert));

        MongoCommandException refused = assertThrows(
                MongoCommandException.class,
                () -> one(things.findOneAndUpdate(belowTwo, Updates.inc("used", 1), upsert)));

        assertEquals(DUPLICATE_KEY, refused.getErrorCode());
    }

    @Test
    void aRestartKeepsEveryAcknowledgedDocumentAndTheIndexesOnItsPort() throws Exception {
        EmbeddedMongo mongo = start(mongo("data", 0));
        String uri = mongo.uri();
        MongoCollection<Document> before = things(mongo);
        one(before.createIndex(Indexes.ascending("name"), new IndexOptions().unique(true)));
        Set<Integer> acknowledged = insertWhileStopping(mongo, before);

        mongo.start();

        assertEquals(uri, mongo.uri());
        MongoCollection<Document> after = things(mongo);
        Set<Integer> kept = new HashSet<>();
        all(after).forEach(document -> kept.add(document.getInteger("_id")));
        assertTrue(kept.containsAll(acknowledged), "lost " + missing(acknowledged, kept));
        assertThrows(
                MongoWriteException.class, () -> one(after.insertOne(new Document("_id", -1).append("name", "0"))));
    }

    @Test
    void aTakenPortIsOneSentenceAndNothingStaysHeld() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = taken.getLocalPort();
            EmbeddedFailure.PortTaken failure =
                    assertThrows(EmbeddedFailure.PortTaken.class, mongo("data", port)::start);
            assertEquals(
                    "The embedded MongoDB-protocol server can't listen on port " + port
                            + " of 127.0.0.1 (Address already in use): stop what uses it, or set"
                            + " SALLYPORT_EMBEDDED_MONGO_PORT to a free port.",
                    failure.getMessage());
        }

        assertEquals("mongodb://127.0.0.1:" + port, start(mongo("data", port)).uri());
    }

    @Test
    void aFileInThePlaceOfTheFolderIsOneSentence() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        EmbeddedFailure failure = assertThrows(EmbeddedFailure.FolderUnusable.class, mongo("file", 0)::start);

        assertEquals(
                "Can't keep data in " + file + " (it is a file): make it a folder that this user can write, or set"
                        + " SALLYPORT_DATA_DIR to another one.",
                failure.getMessage());
    }

    @Test
    void aFolderThatAnotherOneUsesIsRefused() {
        start(mongo("data", 0));

        assertThrows(EmbeddedFailure.FolderInUse.class, mongo("data", 0)::start);
    }

    @Test
    void aDamagedFileIsOneSentence() throws Exception {
        Files.createDirectory(temporary.resolve("data"));
        Files.write(temporary.resolve("data/store.mv"), new byte[20_000]);

        assertUnreadable(mongo("data", 0));
    }

    @Test
    void aFileOfANewerFormatIsOneSentence() throws Exception {
        EmbeddedMongo mongo = start(mongo("data", 0));
        mongo.stop();
        Path file = temporary.resolve("data/store.mv");
        byte[] content = Files.readAllBytes(file);
        int block = 4096;
        for (int copy = 0; copy < 2; copy++) {
            byte[] header = newerHeader(content, copy * block);
            System.arraycopy(header, 0, content, copy * block, header.length);
        }
        Files.write(file, content);

        assertUnreadable(mongo);
    }

    @Test
    void startingAndStoppingTwiceDoNothing() {
        EmbeddedMongo mongo = start(mongo("data", 0));
        String uri = mongo.uri();

        mongo.start();
        assertEquals(uri, mongo.uri());

        mongo.stop();
        mongo.stop();
        assertThrows(IllegalStateException.class, mongo::uri);
    }

    private EmbeddedMongo mongo(String folder, int port) {
        return new EmbeddedMongo(temporary.resolve(folder), port);
    }

    private EmbeddedMongo start(EmbeddedMongo mongo) {
        started.add(mongo);
        mongo.start();
        return mongo;
    }

    private void assertUnreadable(EmbeddedMongo mongo) {
        EmbeddedFailure failure = assertThrows(EmbeddedFailure.DataUnreadable.class, mongo::start);
        assertEquals(
                "The data in " + temporary.resolve("data") + " is damaged or of a newer Sallyport: start the version"
                        + " that wrote it, or move the folder away to begin anew.",
                failure.getMessage());
    }

    /** A collection by a client, and so a connection, of its own. */
    private MongoCollection<Document> things(EmbeddedMongo mongo) {
        MongoClient client = MongoClients.create(mongo.uri() + "/?retryWrites=false&serverSelectionTimeoutMS=5000");
        clients.add(client);
        return client.getDatabase("test").getCollection("things");
    }

    /** Inserts until the stopping server refuses. */
    private static Set<Integer> insertWhileStopping(EmbeddedMongo mongo, MongoCollection<Document> things)
            throws Exception {
        Set<Integer> acknowledged = Collections.synchronizedSet(new HashSet<>());
        CountDownLatch busy = new CountDownLatch(200);
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Future<?> refused = writer.submit(() -> assertThrows(MongoException.class, () -> {
                for (int number = 0; ; number++) {
                    one(things.insertOne(new Document("_id", number).append("name", String.valueOf(number))));
                    acknowledged.add(number);
                    busy.countDown();
                }
            }));
            busy.await();
            mongo.stop();
            refused.get();
        }
        return acknowledged;
    }

    private static boolean insertsTheName(MongoCollection<Document> things) {
        try {
            one(things.insertOne(new Document("name", "wanted by all")));
            return true;
        } catch (MongoWriteException refused) {
            assertEquals(ErrorCategory.DUPLICATE_KEY, refused.getError().getCategory());
            return false;
        }
    }

    /** Has all of them do the same at the same time. */
    private static <T extends @Nullable Object> List<T> together(List<MongoCollection<Document>> theirs, Step<T> step)
            throws Exception {
        CountDownLatch ready = new CountDownLatch(theirs.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(theirs.size())) {
            List<Callable<T>> calls = theirs.stream()
                    .<Callable<T>>map(things -> () -> {
                        ready.countDown();
                        ready.await();
                        return step.with(things);
                    })
                    .toList();
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private static byte[] newerHeader(byte[] content, int start) {
        int end = start;
        while (content[end] != '\n') {
            end++;
        }
        String header = new String(content, start, end - start, StandardCharsets.ISO_8859_1);
        String newer = header.substring(0, header.indexOf(",fletcher")).replace("format:3", "format:9");
        byte[] bytes = newer.getBytes(StandardCharsets.ISO_8859_1);
        int checksum = DataUtils.getFletcher32(bytes, 0, bytes.length);
        return (newer + ",fletcher:" + Integer.toHexString(checksum) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Set<Integer> missing(Set<Integer> expected, Set<Integer> found) {
        Set<Integer> missing = new TreeSet<>(expected);
        missing.removeAll(found);
        return missing;
    }

    private static <T> @Nullable T one(Publisher<T> answer) {
        return Mono.from(answer).block();
    }

    private static <T> T require(@Nullable T found) {
        assertNotNull(found);
        return found;
    }

    private static List<Document> all(MongoCollection<Document> things) {
        return require(Flux.from(things.find()).collectList().block());
    }

    @FunctionalInterface
    private interface Step<T extends @Nullable Object> {
        T with(MongoCollection<Document> things);
    }
}
