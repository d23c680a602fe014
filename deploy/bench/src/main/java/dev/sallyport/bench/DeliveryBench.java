package dev.sallyport.bench;

import dev.sallyport.password.sodium.BareHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** From the POST of the password to the provider having the message. */
final class DeliveryBench {

    private static final int PER_SECOND = 20;

    /** Until Java's compilers have done their part. */
    private static final int WARM_UP_ROUNDS = 4;

    /** One round, in ms above the hash. */
    private record Above(double p50, double p99) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms above the hash", p50, p99);
        }
    }

    private final Site site;
    private final List<Person> people;
    private final Rounds rounds;

    /** @param people with phones and no apps */
    DeliveryBench(Site site, List<Person> people, Rounds rounds) {
        this.site = site;
        this.people = people;
        this.rounds = rounds;
    }

    void run(Report report) {
        try (Part bare = Part.java("bare-hash", BareHash.class.getName())) {
            List<Part> parts = new java.util.ArrayList<>(site.parts());
            parts.add(bare);
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                System.out.println("     warming up: " + round(bare));
            }
            List<Above> all = rounds.of("delivery", new Machine(parts), () -> round(bare));
            double[] p50 = all.stream().mapToDouble(Above::p50).toArray();
            double[] p99 = all.stream().mapToDouble(Above::p99).toArray();
            report.figure(
                    "POST of the password to the provider having the message, p50 above the hash",
                    "≤ 15 ms",
                    Report.spread(1, "ms", p50),
                    Load.quantile(0.5, p50) <= 15);
            report.figure("the same, p99", "≤ 60 ms", Report.spread(1, "ms", p99), Load.quantile(0.5, p99) <= 60);
            report.section(
                    "From password to text message", String.format(Locale.ROOT, """
                            %d people a second, each with a phone and no app, send the form; web roles, broker, dispatcher and store are
                            processes of their own, started for this bench and warmed up by %d rounds. Measured from the POST until
                            Twilio's fake has the whole request, less the time of one bare hash in the same round.
                            """, PER_SECOND, WARM_UP_ROUNDS));
        }
    }

    private Above round(Part bare) {
        double hash = 2_000.0 / Long.parseLong(bare.ask("1 2000"));
        Map<String, Instant> posted = new ConcurrentHashMap<>();
        Map<Person, Browser> waiting = new ConcurrentHashMap<>();
        Load.open(people.size(), PER_SECOND, i -> () -> {
            Person person = people.get(i);
            Browser browser = site.visitor();
            String csrf = Browser.csrf(browser.get("/"));
            waiting.put(person, browser);
            posted.put(person.phone(), Instant.now());
            Person.expect(303, browser.post("/", csrf, "username", person.name(), "password", Person.PASSWORD));
            return true;
        });
        double[] above = people.stream()
                .mapToDouble(
                        person -> received(person.phone(), Objects.requireNonNull(posted.get(person.phone()))) - hash)
                .toArray();
        // Messages that nobody answers are limited, so everybody does.
        waiting.forEach((person, browser) -> person.enterCode(browser, site.twilio()));
        return new Above(Load.quantile(0.5, above), Load.quantile(0.99, above));
    }

    /** Milliseconds until the first message to a phone after a moment. */
    private double received(String phone, Instant posted) {
        for (int i = 0; i < 500; i++) {
            for (var message : site.twilio().ledger().messagesTo(phone)) {
                if (message.acceptedAt().isAfter(posted)) {
                    return Duration.between(posted, message.acceptedAt()).toNanos() / 1e6;
                }
            }
            Machine.rest(10);
        }
        throw new IllegalStateException("a message has not arrived within 5 s");
    }
}
