package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.UncheckedIOException;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * People who do one thing after the other without a pause until they leave: look at pages of each role and at one of a
 * protected site, and sign in from a further browser.
 */
final class Visitors implements AutoCloseable {

    /** The one thing that can't be done again by a proxy. */
    static final String SIGN_IN = "POST /";

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
            expect(200, "GET /user", () -> browser.get("/user"));
            expect(200, "GET /logout", () -> browser.get("/logout"));
            expect(200, "GET the protected page", () -> Way.get(browser, protectedPage));
            SiteClient further = new SiteClient(url);
            AtomicReference<String> csrf = new AtomicReference<>();
            expect(200, "GET /", () -> {
                csrf.set(further.csrf("/"));
                return further.get("/");
            });
            if (csrf.get() != null) {
                String token = csrf.get();
                expect(303, SIGN_IN, () -> further.post("/", token, "username", name, "password", Person.PASSWORD));
            }
        }
    }

    private void expect(int status, String what, Supplier<HttpResponse<String>> asked) {
        String outcome;
        try {
            outcome = " has status " + asked.get().statusCode();
        } catch (UncheckedIOException | AssertionError e) {
            outcome = " has no answer, or none that helps: " + e;
        }
        if (outcome.endsWith(" " + status)) {
            right.incrementAndGet();
        } else {
            wrong.add(what + outcome);
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

    @Override
    public void close() {
        leave();
    }

    /** How many answers were as they should be. */
    int right() {
        return right.get();
    }

    /** The others: what was asked, and what came. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
