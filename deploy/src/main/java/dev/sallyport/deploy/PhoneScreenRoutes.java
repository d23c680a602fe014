package dev.sallyport.deploy;

import dev.sallyport.dispatch.phonescreen.PhoneScreen;
import dev.sallyport.dispatch.phonescreen.PhoneScreen.ShownText;
import dev.sallyport.web.Routes;
import dev.sallyport.web.Web;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The phone screen's page and its live feed (server-sent events), mounted only while that provider delivers. */
final class PhoneScreenRoutes implements Routes {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PhoneScreen screen;
    private final Web web;

    PhoneScreenRoutes(PhoneScreen screen, Web web) {
        this.screen = screen;
        this.web = web;
    }

    @Override
    public void mount(Router router) {
        router.get("/dev/phone").handler(this::page);
        router.get("/dev/phone/events").handler(this::feed);
    }

    private void page(RoutingContext context) {
        List<String> numbers = screen.numbers();
        String newest = numbers.isEmpty() ? "" : numbers.getFirst();
        // A number without a message yet is shown too, so that its first one is seen to arrive.
        String chosen = context.request().getParam("number", newest);
        Map<String, Object> shown = new HashMap<>();
        shown.put(
                "numbers",
                numbers.stream()
                        .map(number -> Map.of("number", number, "selected", number.equals(chosen)))
                        .toList());
        shown.put("number", chosen);
        shown.put(
                "messages",
                screen.texts(chosen).stream()
                        .map(text -> Map.of("text", text.text(), "time", time(text.arrivedAt())))
                        .toList());
        web.page(context, 200, "phone", shown);
    }

    private void feed(RoutingContext context) {
        HttpServerResponse response =
                context.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
        if (HttpMethod.HEAD.equals(context.request().method())) {
            response.end();
            return;
        }
        Context loop = context.vertx().getOrCreateContext();
        Runnable hearNoMore = screen.listen(text -> loop.runOnContext(ignored -> response.write(event(text))));
        response.closeHandler(closed -> hearNoMore.run());
        response.write(": listening\n\n");
    }

    private static String event(ShownText text) {
        JsonObject data = new JsonObject()
                .put("number", text.to())
                .put("text", text.text())
                .put("time", time(text.arrivedAt()));
        return "id: " + text.sequence() + "\ndata: " + data.encode() + "\n\n";
    }

    /** In the time of this machine: who tries it out sits in front of it. */
    private static String time(Instant time) {
        return TIME.format(time.atZone(ZoneId.systemDefault()));
    }
}
