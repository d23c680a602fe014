package dev.sallyport.deploy.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.audit.AuditType;
import dev.sallyport.event.EventRecord;
import dev.sallyport.mongo.Documents;
import dev.sallyport.mongo.MongoDatabase;
import dev.sallyport.mongo.MongoRig;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.StoreContract;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How documents carry their events in MongoDB, and what the sweeper finishes. */
class DocumentsIT extends StoreContract {

    private static final String COLLECTION = "challenges";
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private final MongoRig rig = EmbeddedRig.shared();
    private Subject subject;
    private String id;

    @Override
    protected MongoRig rig() {
        return rig;
    }

    @BeforeEach
    void somethingNew() {
        subject = new Subject(given.id(), "Somebody");
        id = given.id();
    }

    private Documents documents() {
        return rig.database().documents(COLLECTION);
    }

    private AuditEvent event(AuditType type) {
        return given.event(subject, type);
    }

    private void insert(String id, AuditEvent... events) {
        rig.call(() -> documents().insert(new JsonObject().put("_id", id), List.of(events)));
    }

    private void insertMany(int count, IntFunction<List<AuditEvent>> events, long purgeAfter) {
        int atOnce = 50;
        for (int from = 0; from < count; from += atOnce) {
            int first = from;
            rig.atOnce(atOnce, i -> documents()
                    .insert(
                            new JsonObject().put("_id", given.id()).put("purgeAfter", purgeAfter),
                            events.apply(first + i)));
        }
    }

    private void note(AuditEvent event) {
        rig.call(() -> {
            documents().note(id, List.of(event));
            return true;
        });
    }

    private JsonArray pending() {
        return rig.stored(COLLECTION, id).getJsonArray("pendingEvents", new JsonArray());
    }

    private long count(String collection) {
        return rig.client().count(collection, new JsonObject()).await();
    }

    private Set<String> told() {
        Set<String> told = new HashSet<>();
        rig.arrived(subject.accountId()).forEach(event -> told.add(event.id()));
        return told;
    }

    private static Set<String> ids(List<AuditEvent> events) {
        return Set.copyOf(events.stream().map(AuditEvent::id).toList());
    }

    @Test
    void anEventLeavesItsDocumentOnlyWhenTheBrokerHasIt() {
        AuditEvent event = event(AuditType.SIGNED_IN);
        rig.brokerLeaves();
        insert(id, event);
        sweepLater();
        assertEquals(event.id(), pending().getJsonObject(0).getString("id"));
        rig.brokerReturns();
        assertTold(subject.accountId(), event);
        assertEquals(new JsonArray(), pending());
    }

    @Test
    void aDocumentDoesNotGrowHoweverLongTheBrokerIsAway() {
        rig.brokerLeaves();
        insert(id);
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(event(AuditType.FACTOR_BOUND));
            note(events.getLast());
            rig.clock().advance(ONE_SECOND);
            assertTrue(pending().size() <= 50, pending().size() + " after " + i);
        }
        assertEquals(Set.of(), told());
        rig.brokerReturns();
        sweepLater();
        assertEquals(ids(events), told());
        sweepLater();
        assertEquals(0, count("outbox"), "the outbox is empty when all is told");
    }

    @Test
    void aFloodOfRefusalsTakesNoMoreRoomThanAFew() {
        rig.brokerLeaves();
        insert(id);
        for (int i = 0; i < 200; i++) {
            note(event(AuditType.SECOND_FACTOR_REFUSED));
            rig.clock().advance(ONE_SECOND);
        }
        assertTrue(pending().size() <= 42, pending().size() + " wait");
        assertEquals(0, count("outbox"));
        AuditEvent passed = event(AuditType.SECOND_FACTOR_ACCEPTED);
        note(passed);
        rig.brokerReturns();
        sweepLater();
        List<EventRecord> told = rig.arrived(subject.accountId());
        assertEquals(201, told.stream().mapToInt(StoreContract::count).sum());
        assertEquals(
                1, told.stream().filter(event -> event.id().equals(passed.id())).count());
    }

    @Test
    void refusalsOfDifferentTypesAreCountedApart() {
        rig.brokerLeaves();
        insert(id);
        for (int i = 0; i < 50; i++) {
            note(event(AuditType.SECOND_FACTOR_REFUSED));
        }
        for (int i = 0; i < 50; i++) {
            note(event(AuditType.FACTOR_REFUSED));
        }
        rig.brokerReturns();
        sweepLater();
        List<EventRecord> told = rig.arrived(subject.accountId());
        assertEquals(50, refusals(told, AuditType.SECOND_FACTOR_REFUSED));
        assertEquals(50, refusals(told, AuditType.FACTOR_REFUSED));
    }

    private static int refusals(List<EventRecord> told, AuditType type) {
        return told.stream()
                .filter(event -> event.type().equals(type.cloudEventsType()))
                .mapToInt(StoreContract::count)
                .sum();
    }

    @Test
    void aBacklogOfManyDocumentsIsWorkedOffInOneSweep() {
        int many = 2_500;
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(event(AuditType.SIGNED_IN));
            events.add(event(AuditType.SIGNED_OUT));
        }
        rig.brokerLeaves();
        insertMany(many, i -> List.of(events.get(2 * i), events.get(2 * i + 1)), 0);
        rig.brokerReturns();
        sweepLater();
        List<EventRecord> told = rig.arrived(subject.accountId());
        assertEquals(events.size(), told.size(), "each once");
        assertEquals(ids(events), told());
        assertEquals(
                List.of(),
                rig.call(() -> documents().page("", new JsonObject().put("purgeAfter", 0), 1)),
                "and deleted when told");
    }

    @Test
    void onlyTheNodeThatHoldsTheLeaseSweeps() {
        JsonObject lease = new JsonObject()
                .put("holder", "somebody else")
                .put("until", rig.clock().instant().plusSeconds(40).toEpochMilli());
        AuditEvent event = event(AuditType.SIGNED_IN);
        rig.brokerLeaves();
        insert(id, event);
        sweepLater();
        rig.client()
                .updateCollection("leases", new JsonObject().put("_id", "sweeper"), new JsonObject().put("$set", lease))
                .await();
        rig.brokerReturns();
        assertTold(subject.accountId());
        rig.clock().advance(Duration.ofSeconds(31));
        assertTold(subject.accountId(), event);
    }

    @Test
    void nobodyNeedsToCallTheSweeper() {
        AuditEvent event = event(AuditType.SIGNED_IN);
        rig.brokerLeaves();
        insert(id, event);
        rig.brokerReturns();
        rig.clock().advance(Duration.ofSeconds(10));
        Eventually.equal(Set.of(event.id()), this::told);
    }

    @Test
    void whatIsOverIsDeletedHoweverMuchItIs() {
        int many = 1_200;
        long over = rig.clock().instant().plusSeconds(5).toEpochMilli();
        insertMany(many, _ -> List.of(), over);
        insert(id);
        sweepLater();
        assertEquals(List.of(), rig.call(() -> documents().page("", new JsonObject().put("purgeAfter", over), 1)));
        assertFalse(rig.call(() -> documents().find(List.of(id))).isEmpty(), "what has no end stays");
    }

    @Test
    void closingWaitsForWhatIsOnItsWay() {
        AuditEvent event = event(AuditType.SIGNED_IN);
        rig.call(() -> {
            MongoDatabase third = rig.open();
            third.documents(COLLECTION).insert(new JsonObject().put("_id", id), List.of(event));
            third.close();
            return true;
        });
        assertEquals(new JsonArray(), pending());
        assertTold(subject.accountId(), event);
    }

    @Test
    void anEventThatOnlyANewerVersionKnowsWaitsForItAndHoldsNothingUp() {
        AuditEvent known = event(AuditType.SIGNED_IN);
        rig.brokerLeaves();
        insert(id, known);
        JsonObject unknown =
                pending().getJsonObject(0).copy().put("id", given.id()).put("type", "SOMETHING_NEW");
        rig.client()
                .updateCollection(
                        COLLECTION,
                        new JsonObject().put("_id", id),
                        new JsonObject()
                                .put(
                                        "$set",
                                        new JsonObject()
                                                .put(
                                                        "pendingEvents",
                                                        new JsonArray()
                                                                .add(unknown)
                                                                .add(pending().getJsonObject(0)))))
                .await();
        rig.clock().advance(Duration.ofSeconds(10));
        rig.brokerReturns();
        AuditEvent later = event(AuditType.SIGNED_OUT);
        note(later);
        assertTold(subject.accountId(), known, later);
        assertEquals(1, pending().size());
    }

    @Test
    void manyNodesThatNoteAtOnceLoseNothingAndRepeatNothing() {
        insert(id);
        List<AuditEvent> events = Stream.generate(() -> event(AuditType.SECOND_FACTOR_SENT))
                .limit(30)
                .toList();
        Documents elsewhere = rig.other().documents(COLLECTION);
        rig.atOnce(30, i -> {
            (i % 2 == 0 ? documents() : elsewhere).note(id, List.of(events.get(i)));
            return true;
        });
        sweepLater();
        List<String> told =
                rig.arrived(subject.accountId()).stream().map(EventRecord::id).toList();
        assertEquals(30, told.size());
        assertEquals(ids(events), Set.copyOf(told));
    }
}
