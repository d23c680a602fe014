package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.throttle.DelayRules;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More passwords at once than the machine can hash in time. */
@Tag("long")
class OverloadIT {

    /** Some four times what two cores hash in a second. */
    private static final int BURST = 600;

    private record Answer(HttpResponse<String> response, Duration took) {
        int status() {
            return response.statusCode();
        }

        Optional<String> retryAfter() {
            return response.headers().firstValue("Retry-After");
        }
    }

    /** Where the store is what was overloaded, it is longer. */
    private static final Optional<String> HASHING_IS_FULL = Optional.of("1");

    private static TestPlatform site;

    @BeforeAll
    static void start() {
        site = TestPlatform.start(Map.of("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1"));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void whoCantBeServedInTimeIsToldSoSoonAndEverybodyElseIsServed() throws Exception {
        Person member = Person.signedUp(site);
        List<Answer> strangers = burst(strangers("nobody-"));
        Set<Integer> statuses = new TreeSet<>();
        strangers.forEach(answer -> statuses.add(answer.status()));
        assertEquals(Set.of(401, 503), statuses);
        long served =
                strangers.stream().filter(answer -> answer.status() == 401).count();
        assertTrue(served >= 20, served + " were served");
        for (Answer answer : strangers) {
            assertEquals(answer.status() == 503, answer.retryAfter().isPresent());
            assertTrue(
                    answer.took().compareTo(Duration.ofSeconds(10)) < 0, answer.status() + " after " + answer.took());
        }
        assertTrue(median(strangers, 503).compareTo(median(strangers, 401)) < 0);
        // Names without an account cost a hash, too, or an overloaded site would tell them from the others.
        assertTrue(strangers.stream().anyMatch(answer -> answer.retryAfter().equals(HASHING_IS_FULL)));
        assertEquals(
                303,
                Await.within(Duration.ofSeconds(2), () -> member.elsewhere().signIn())
                        .statusCode());
    }

    @Test
    void beingTurnedAwayForLoadIsNoFailedTry() throws Exception {
        Person member = Person.signedUp(site);
        String home = "198.51.100.77";
        int turnedAway = 0;
        // As many as cost no delay, all turned away; who came in by luck starts afresh.
        for (int round = 0; turnedAway < DelayRules.FREE_FOR_PAIR && round < 5; round++) {
            List<Try> tries = strangers("noone-" + round + '-');
            for (int i = 0; i < DelayRules.FREE_FOR_PAIR; i++) {
                tries.add(new Try(member.name, Person.PASSWORD, home));
            }
            List<Answer> members = burst(tries).subList(BURST, tries.size());
            turnedAway = (int)
                    members.stream().filter(answer -> answer.status() == 503).count();
        }
        assertEquals(DelayRules.FREE_FOR_PAIR, turnedAway);
        HttpResponse<String> answer =
                site.visitor().from(home).submit("/", "username", member.name, "password", Person.PASSWORD);
        assertEquals(303, answer.statusCode());
    }

    private static Duration median(List<Answer> answers, int status) {
        List<Duration> times = answers.stream()
                .filter(answer -> answer.status() == status)
                .map(Answer::took)
                .sorted()
                .toList();
        return times.get(times.size() / 2);
    }

    private record Try(String name, String password, String address) {}

    /** Each with a name and an address of its own. */
    private static List<Try> strangers(String prefix) {
        List<Try> tries = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            tries.add(new Try(prefix + i, "no matter", "10.2." + i / 250 + "." + i % 250));
        }
        return tries;
    }

    /** Sign-ins all at once; the answers in the order of the tries. */
    private static List<Answer> burst(List<Try> tries) throws Exception {
        SiteClient browser = site.visitor();
        String csrf = browser.csrf("/");
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (Try one : tries) {
                HttpRequest.Builder request = browser.form("/", csrf, "username", one.name, "password", one.password)
                        .header("X-Forwarded-For", one.address);
                answers.add(threads.submit(() -> {
                    start.await();
                    long began = System.nanoTime();
                    HttpResponse<String> response = browser.send(request);
                    return new Answer(response, Duration.ofNanos(System.nanoTime() - began));
                }));
            }
            start.countDown();
            List<Answer> all = new ArrayList<>();
            for (Future<Answer> answer : answers) {
                all.add(answer.get());
            }
            return all;
        }
    }
}
