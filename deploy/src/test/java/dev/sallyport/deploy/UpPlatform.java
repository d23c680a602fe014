package dev.sallyport.deploy;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import dev.sallyport.config.ConfigFiles;
import dev.sallyport.deploy.cluster.Ports;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bson.Document;
import reactor.core.publisher.Flux;

/** What {@code ./sallyport up} runs, on a data folder and ports of its own: embedded servers, phone screen, real time. */
final class UpPlatform implements AutoCloseable {

    private static final Ports PORTS = new Ports();
    private static final Pattern CODE = Pattern.compile("class=\"bubble\">(\\d{6}) ");

    private final Map<String, String> environment;
    private final Platform platform;

    private UpPlatform(Map<String, String> environment, Platform platform) {
        this.environment = environment;
        this.platform = platform;
    }

    static UpPlatform start(Path data) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SALLYPORT_DATA_DIR", data.toString());
        environment.put("SALLYPORT_MANAGEMENT_PORT", "0");
        for (String port : List.of("HTTP_PORT", "EMBEDDED_KAFKA_PORT", "EMBEDDED_MONGO_PORT")) {
            environment.put("SALLYPORT_" + port, Integer.toString(PORTS.take()));
        }
        return new UpPlatform(
                Map.copyOf(environment),
                Platform.start(ConfigFiles.read(environment, Path.of("no-file-here")), Clock.systemUTC()));
    }

    /** What a command needs to find it. */
    Map<String, String> environment() {
        return environment;
    }

    String url() {
        return "http://localhost:" + platform.httpPort();
    }

    String kafka() {
        return platform.kafkaAddress();
    }

    String mongo() {
        return platform.mongoUri();
    }

    SiteClient visitor() {
        return new SiteClient(url());
    }

    /** The stored account of a user name, folded. */
    Document account(String folded) {
        return accounts(new Document("username", folded)).getFirst();
    }

    List<Document> accounts(Document query) {
        try (MongoClient client = MongoClients.create(mongo())) {
            return Flux.from(client.getDatabase("sallyport")
                            .getCollection("accounts")
                            .find(query))
                    .collectList()
                    .blockOptional()
                    .orElseThrow();
        }
    }

    /** The codes that the phone screen shows of a number, once there are so many; the newest is last. */
    List<String> codes(String number, int atLeast) throws InterruptedException {
        Await.until(Duration.ofSeconds(10), () -> codes(number).size() >= atLeast);
        return codes(number);
    }

    private List<String> codes(String number) {
        String page =
                visitor().get("/dev/phone?number=" + number.replace("+", "%2B")).body();
        return CODE.matcher(page)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    @Override
    public void close() {
        platform.stop();
    }
}
