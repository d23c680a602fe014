package dev.sallyport.dispatch.twilio.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sallyport.testing.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of messages that the fake gives, against what Twilio says of its own. */
class MessageListTest {

    private static final String MESSAGES = "/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT_SID + "/Messages.json";
    private static final String WAITING = "+14155550123";
    /** Accepted, then sent, and nothing more is heard of it. */
    private static final String SENT = "+15005550014";

    private final FakeTwilio twilio = FakeTwilio.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private final TwilioContract contract = new TwilioContract();

    @AfterEach
    void stop() {
        http.close();
        twilio.close();
    }

    @Test
    void itIsFilteredByTheDayOfSendingAndThenLeavesOutWhatWaits() throws Exception {
        post(WAITING, "493028");
        post(SENT, "493028");
        Eventually.equal("sent", () -> twilio.ledger().messages().getLast().status());
        var today = LocalDate.now(ZoneOffset.UTC);

        assertEquals(2, listed("").size());
        for (var filter : List.of(
                "DateSent=" + today,
                "DateSent%3E=" + today,
                "DateSent%3E=" + today.minusDays(1) + "T23:59:59",
                "DateSent%3C=" + today,
                "From=%2B15005550006&DateSent%3E=" + today)) {
            var list = listed(filter);
            assertEquals(1, list.size(), filter);
            assertEquals(SENT, list.getJsonObject(0).getString("to"));
        }
        for (var filter :
                List.of("DateSent=" + today.minusDays(1), "DateSent%3E=" + today.plusDays(1), "From=%2B15005550000")) {
            assertEquals(0, listed(filter).size(), filter);
        }
    }

    @Test
    void itComesInPagesTheNewestFirst() throws Exception {
        for (int i = 0; i < 5; i++) {
            post(WAITING, "text " + i);
        }
        var bodies = new ArrayList<String>();
        var next = MESSAGES + "?PageSize=2";
        while (next != null) {
            var page = new JsonObject(get(next).body());
            assertEquals(List.of(), contract.problemsOfList(page));
            for (int i = 0; i < page.getJsonArray("messages").size(); i++) {
                bodies.add(page.getJsonArray("messages").getJsonObject(i).getString("body"));
            }
            next = page.getString("next_page_uri");
        }

        assertEquals(List.of("text 4", "text 3", "text 2", "text 1", "text 0"), bodies);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DateSent=soon",
                "DateSent%3E=2026-13-01",
                "PageSize=0",
                "PageSize=1001",
                "PageSize=all",
                "Page=-1"
            })
    void whatIsNoFilterIsRefusedAndNoted(String query) throws Exception {
        assertEquals(400, get(MESSAGES + "?" + query).statusCode());
        assertEquals(1, twilio.ledger().violations().size());
    }

    private JsonArray listed(String filter) throws Exception {
        return new JsonObject(get(MESSAGES + "?" + filter).body()).getJsonArray("messages");
    }

    private void post(String to, String body) throws Exception {
        var form = "To=" + URLEncoder.encode(to, UTF_8) + "&From=%2B15005550006&Body=" + URLEncoder.encode(body, UTF_8);
        assertEquals(
                201, send(request(MESSAGES).POST(BodyPublishers.ofString(form))).statusCode());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        var credentials = FakeTwilio.ACCOUNT_SID + ":" + FakeTwilio.AUTH_TOKEN;
        return HttpRequest.newBuilder(URI.create(twilio.uri() + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
