package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * People who do one thing after the other without a pause until they leave: look at pages of each role and at one of a
 * protected site, and sign in from a further browser.
 */
final class Visitors {

    private final String url;
    private final String protectedPage;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Void>> here = new ArrayList<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger right = new AtomicInteger();
    private volatile boolean staying = true;

    /** @param protectedPage the whole address */
    Visitors(String url, String protectedPage) {
        this.url = url;
        this.protectedPage = protectedPage;
    }

    /** One more, whose browser is signed in, also at the protected site. */
    void join(String name, SiteClient browser) {
        assertEquals(200, Way.follow(browser, protectedPage).end().statusCode());
        here.add(CompletableFuture.runAsync(() -> stay(name, browser), threads));
    }

    private void stay(String name, SiteClient browser) {
        while (staying) {
            try {
                expect(200, browser.get("/user"));
                expect(200, browser.get("/logout"));
                expect(200, Way.get(browser, protectedPage));
                SiteClient further = new SiteClient(url);
                String csrf = further.csrf("/");
                expect(303, further.post("/", csrf, "username", name, "password", Person.PASSWORD));
            } catch (RuntimeException | AssertionError e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() == status) {
            right.incrementAndGet();
        } else {
            wrong.add(answer.request().uri() + " has status " + answer.statusCode());
        }
    }

    /** Waits until there are so many right answers more than now. */
    void awaitMore(int answers, Duration atMost) throws InterruptedException {
        int enough = right.get() + answers;
        Await.until(atMost, () -> right.get() >= enough);
    }

    /** Lets all of them finish what they are at. */
    void leave() {
        staying = false;
        here.forEach(CompletableFuture::join);
        threads.close();
    }

    /** How many answers were as they should be. */
    int right() {
        return right.get();
    }

    /** The others, each in words that end with its status. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
