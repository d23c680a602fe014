package dev.sallyport.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.sallyport.deploy.Chromium.Look;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** News while Kafka or MongoDB is away, and records that are none. */
@Tag("long")
class NewsFaultsIT {

    private static final String TOPIC = "sallyport.sms.outcome";
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private static NewsSite site;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        site = NewsSite.start();
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        site.close();
    }

    @AfterEach
    void restore() {
        site.servers().restore();
    }

    private static boolean says(Person person, String text) {
        return person.browser.get("/verify-tfa").body().contains(text);
    }

    private static HttpResponse<String> ready() {
        int port = site.platform().platform().managementPort();
        return new SiteClient("http://127.0.0.1:" + port).get("/health/ready");
    }

    private static Page open(BrowserContext window) {
        Page page = window.newPage();
        page.navigate("/verify-tfa");
        assertThat(news(page)).containsText("is on its way to");
        return page;
    }

    private static Locator news(Page page) {
        return page.locator("[data-feed]");
    }

    private static void assertSoon(Page page, String text) {
        LocatorAssertions.ContainsTextOptions patient =
                new LocatorAssertions.ContainsTextOptions().setTimeout(RECOVERY.toMillis());
        assertThat(news(page)).containsText(text, patient);
    }

    /** The page hears it from Kafka while the store is away; what was told meanwhile is kept when it is back. */
    @ParameterizedTest
    @EnumSource
    void whileTheStoreIsAwayOpenPagesHearAndNothingIsForgotten(Cable cable) throws Exception {
        List<Person> people = new ArrayList<>();
        List<SendCode> orders = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            people.add(site.waiting());
            orders.add(site.order(people.getLast()));
        }
        try (BrowserContext window = chromium.window(site.platform().url(), Look.WIDE, people.getFirst().browser)) {
            Page page = open(window);
            cable.pull(site.servers().toMongo());
            for (SendCode order : orders) {
                site.tell(order, Status.ACCEPTED);
                site.tell(order, Status.DELIVERED);
            }
            assertThat(news(page)).containsText("was delivered to");
            site.servers().restore();
            for (Person person : people) {
                Await.until(RECOVERY, () -> says(person, "was delivered to"));
            }
            assertThat(news(page)).containsText("was delivered to");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whenKafkaIsBackSoAreTheNews(Cable cable) throws Exception {
        Person person = site.waiting();
        SendCode order = site.order(person);
        try (BrowserContext window = chromium.window(site.platform().url(), Look.WIDE, person.browser)) {
            Page page = open(window);
            cable.pull(site.servers().toKafka());
            Await.until(RECOVERY, () -> ready().body().contains("\"kafka\":\"down\""));
            site.servers().restore();
            site.tell(order, Status.DELIVERED);
            assertSoon(page, "was delivered to");
            Await.until(RECOVERY, () -> says(person, "was delivered to"));
        }
    }

    @Test
    void aStreamGoesOnAfterItWasCut() throws Exception {
        Person person = site.waiting();
        try (BrowserContext window = chromium.window(site.platform().url(), Look.WIDE, person.browser)) {
            Page page = open(window);
            site.platform().restart();
            site.tell(site.order(person), Status.DELIVERED);
            assertSoon(page, "was delivered to");
        }
    }

    @Test
    void whatIsNoOutcomeIsSkippedWithOneLineThatTellsNothingOfIt() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.sallyport.sms.news.kafka");
        log.start();
        logger.addAppender(log);
        try {
            Person person = site.waiting();
            SendCode order = site.order(person);
            ProducerRecord<byte[], byte[]> good =
                    CloudEvents.producerRecord(OutcomeRecords.encode(site.outcome(order, Status.SENT)), "/test");
            List<ProducerRecord<byte[], byte[]>> poison = List.of(
                    new ProducerRecord<>(TOPIC, good.key(), "garbage".getBytes(StandardCharsets.UTF_8)),
                    new ProducerRecord<>(TOPIC, good.key(), null),
                    OrderForge.with(good, good.key(), "{}".getBytes(StandardCharsets.UTF_8)),
                    OrderForge.with(good, good.key(), "[garbage".getBytes(StandardCharsets.UTF_8)),
                    OrderForge.with(
                            good,
                            good.key(),
                            body("{\"message\":\"%s\",\"challenge\":\"%s\",\"status\":\"garbage\"}", order)),
                    OrderForge.with(good, "ce_time", "garbage"));
            for (ProducerRecord<byte[], byte[]> record : poison) {
                site.write(record);
            }
            Outcome old = Outcome.of(
                    order.messageId(),
                    order.challengeId(),
                    order.phoneKey(),
                    Status.FAILED,
                    site.platform().clock().instant().minus(Duration.ofHours(1)));
            site.tell(old);
            String strange = "{\"message\":\"%s\",\"challenge\":{\"$gt\":\"garbage\"},\"status\":\"failed\"}";
            site.write(OrderForge.with(good, good.key(), body(strange, order)));
            site.write(OrderForge.with(good, "ce_time", "+1000000000-12-31T23:59:59.999999999Z"));
            site.tell(order, Status.DELIVERED);
            Await.until(RECOVERY, () -> says(person, "was delivered to"));
            List<String> lines = List.copyOf(log.list).stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
            assertEquals(poison.size(), lines.size(), lines::toString);
            assertTrue(lines.stream().noneMatch(line -> line.contains("garbage")), lines::toString);
        } finally {
            logger.detachAppender(log);
        }
    }

    private static byte[] body(String format, SendCode order) {
        return format.formatted(order.messageId(), order.challengeId()).getBytes(StandardCharsets.UTF_8);
    }
}
