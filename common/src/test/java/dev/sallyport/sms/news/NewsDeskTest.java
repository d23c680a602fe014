package dev.sallyport.sms.news;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class NewsDeskTest {

    private final NewsDesk desk = new NewsDesk();
    private final List<String> heard = new ArrayList<>();

    private static Outcome about(String challenge) {
        return Outcome.of("message", challenge, "key", Status.SENT, Instant.EPOCH);
    }

    private Optional<Runnable> listen(String challenge, String name) {
        return desk.listen(challenge, outcome -> heard.add(name + " " + outcome.challengeId()));
    }

    @Test
    void whoWaitsHearsOfTheirOwnChallengeOnly() {
        listen("a", "ann");
        listen("a", "again");
        listen("b", "bob");
        desk.tell(about("a"));
        desk.tell(about("c"));
        assertEquals(List.of("ann a", "again a"), heard);
    }

    @Test
    void whoHasLeftHearsNothingMore() {
        Runnable leave = listen("a", "ann").orElseThrow();
        Runnable other = listen("a", "again").orElseThrow();
        leave.run();
        leave.run();
        desk.tell(about("a"));
        other.run();
        desk.tell(about("a"));
        assertEquals(List.of("again a"), heard);
    }

    @Test
    void aChallengeHasAFewPlaces() {
        List<Runnable> places = new ArrayList<>();
        for (int i = 0; i < NewsDesk.MOST_OF_CHALLENGE; i++) {
            places.add(listen("a", "ann").orElseThrow());
        }
        assertEquals(Optional.empty(), listen("a", "one more"));
        assertTrue(listen("b", "bob").isPresent());
        places.getFirst().run();
        assertTrue(listen("a", "one more").isPresent());
    }

    @Test
    void aNodeHasSoManyPlacesHoweverManyAskAtOnce() throws Exception {
        CountDownLatch together = new CountDownLatch(1);
        List<Future<Optional<Runnable>>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < NewsDesk.MOST + 50; i++) {
                String challenge = "challenge " + i;
                asked.add(threads.submit(() -> {
                    together.await();
                    return desk.listen(challenge, _ -> {});
                }));
            }
            together.countDown();
        }
        List<Runnable> places = new ArrayList<>();
        for (Future<Optional<Runnable>> one : asked) {
            one.get().ifPresent(places::add);
        }
        assertEquals(NewsDesk.MOST, places.size());
        assertEquals(Optional.empty(), desk.listen("one more", _ -> {}));
        places.forEach(Runnable::run);
        places.forEach(Runnable::run);
        for (int i = 0; i < NewsDesk.MOST; i++) {
            assertTrue(desk.listen("again " + i, _ -> {}).isPresent());
        }
        assertEquals(Optional.empty(), desk.listen("one more", _ -> {}), "each place was given back once");
    }
}
