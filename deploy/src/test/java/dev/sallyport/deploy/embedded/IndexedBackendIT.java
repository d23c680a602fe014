package dev.sallyport.deploy.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Queries for a unique key and more: what they find, and that it does not take longer the more documents there are. */
class IndexedBackendIT {

    private static final int DOCUMENTS = 40_000;

    private static MongoClient client;
    private static MongoCollection<Document> things;

    @BeforeAll
    static void fill() {
        client = MongoClients.create(TestServers.mongoUri("indexed"));
        things = client.getDatabase("indexed").getCollection("things");
        one(things.createIndex(
                Indexes.ascending("name"), new IndexOptions().unique(true).sparse(true)));
        one(things.insertMany(IntStream.range(0, DOCUMENTS)
                .mapToObj(i ->
                        new Document("_id", "id" + i).append("name", "name" + i).append("state", "open"))
                .toList()));
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Test
    void theRestOfTheQueryCountsToo() {
        assertEquals("id7", found("{name: 'name7', state: 'open'}"));
        assertNull(found("{name: 'name7', state: 'shut'}"));
        assertNull(found("{name: 'name7', _id: 'id8'}"));
        assertEquals("id7", found("{name: 'name7', $or: [{count: {$lt: 1}}, {state: 'open'}]}"));
        assertEquals("id7", found("{name: 'name7', count: {$exists: false}}"));
        assertEquals("id9", found("{name: {$in: ['name9', 'no-such']}, state: 'open'}"));
        assertNull(found("{name: 'no-such', state: 'open'}"));
    }

    @Test
    void askingForMoreThanTheKeyTakesNoLonger() {
        List<Long> bare = new ArrayList<>();
        List<Long> more = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            Document id = new Document("_id", "id" + (DOCUMENTS - 1 - i));
            bare.add(nanos(id));
            more.add(nanos(new Document(id).append("state", "open")));
        }
        // Where it walks through all documents, it takes more than ten times as long.
        assertTrue(median(more) < 4 * median(bare), () -> median(more) + " ns and " + median(bare) + " ns");
    }

    private static long nanos(Document query) {
        long start = System.nanoTime();
        one(things.updateOne(query, Updates.inc("count", 1)));
        return System.nanoTime() - start;
    }

    private static long median(List<Long> times) {
        Collections.sort(times);
        return times.get(times.size() / 2);
    }

    private static @Nullable String found(String query) {
        Document document = one(things.find(Document.parse(query)).first());
        return document == null ? null : document.getString("_id");
    }

    private static <T> @Nullable T one(Publisher<T> answer) {
        return Mono.from(answer).block();
    }
}
