package dev.sallyport.dispatch.twilio.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code Messages.json} and {@code Messages/{Sid}.json} over HTTP. */
final class MessagesEndpoint implements Handler<HttpServerRequest> {

    private static final Pattern PATH = Pattern.compile("/2010-04-01/Accounts/([^/]+)/Messages(?:/([^/]+))?\\.json");

    private final Vertx vertx;
    private final String accountSid;
    private final String credentials;
    private final Ledger ledger;
    private final Script script;
    private final Reports reports;
    private final InstantSource clock;
    private final TwilioContract contract = new TwilioContract();

    MessagesEndpoint(
            Vertx vertx,
            String accountSid,
            String authToken,
            Ledger ledger,
            Script script,
            Reports reports,
            InstantSource clock) {
        this.clock = clock;
        this.vertx = vertx;
        this.accountSid = accountSid;
        this.credentials =
                "Basic " + Base64.getEncoder().encodeToString((accountSid + ":" + authToken).getBytes(UTF_8));
        this.ledger = ledger;
        this.script = script;
        this.reports = reports;
    }

    @Override
    public void handle(HttpServerRequest request) {
        var path = PATH.matcher(request.path());
        if (!credentials.equals(request.getHeader("Authorization"))) {
            refuse(request, 401, 20003, "These credentials are not known");
        } else if (!path.matches() || !path.group(1).equals(accountSid)) {
            refuse(request, 404, 20404, "There is no " + request.path());
        } else if (path.group(2) != null && request.method().equals(HttpMethod.GET)) {
            ledger.message(path.group(2))
                    .ifPresentOrElse(
                            message -> answer(request, 200, message.toJson(accountSid)),
                            () -> refuse(request, 404, 20404, "There is no " + request.path()));
        } else if (path.group(2) == null && request.method().equals(HttpMethod.GET)) {
            list(request);
        } else if (path.group(2) == null && request.method().equals(HttpMethod.POST)) {
            request.body().onSuccess(body -> create(request, body.toString(UTF_8)));
        } else {
            refuse(request, 405, 20004, "The fake has no " + request.method() + " here");
        }
    }

    private void create(HttpServerRequest request, String body) {
        var form = form(body);
        var parameters = form.stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first));
        var effects = new Effects(
                parameters.get("To"), answered -> note(parameters, answered), () -> accept(message(parameters)));
        var violation = contract.violation(form);
        if (violation.isPresent()) {
            ledger.violated(violation.get().reason());
            refuse(request, effects, 400, violation.get().code());
            return;
        }
        var fault = script.take();
        if (fault.isPresent()) {
            fail(request, fault.get(), effects);
            return;
        }
        MagicNumbers.errorFor(parameters)
                .ifPresentOrElse(
                        code -> refuse(request, effects, 400, code), () -> acceptAndAnswer(request, parameters));
    }

    private void list(HttpServerRequest request) {
        ledger.lookedUp();
        var fault = script.takeForLookUp();
        if (fault.isPresent()) {
            fail(request, fault.get(), new Effects(request.getParam("To"), answered -> {}, () -> {}));
            return;
        }
        try {
            answer(request, 200, MessageList.of(request, ledger.messages(), accountSid));
        } catch (DateTimeException | IllegalArgumentException e) {
            ledger.violated("the list was asked for with " + request.query());
            refuse(request, 400, 20001, "A filter or the page size is not valid");
        }
    }

    private void acceptAndAnswer(HttpServerRequest request, Map<String, String> parameters) {
        var message = message(parameters);
        note(parameters, 201);
        accept(message);
        var delay = script.delay();
        if (delay.isZero()) {
            answer(request, 201, message.toJson(accountSid));
        } else {
            vertx.setTimer(delay.toMillis(), timer -> answer(request, 201, message.toJson(accountSid)));
        }
    }

    /** What a request leaves behind: that it was made, and the message where it is one for a message. */
    private record Effects(@Nullable String to, IntConsumer noted, Runnable accepted) {}

    private void fail(HttpServerRequest request, Fault fault, Effects effects) {
        switch (fault) {
            case Fault.Refuse(var status, var code) -> refuse(request, effects, status, code);
            case Fault.Throttle(var retryAfter) -> {
                request.response().putHeader("Retry-After", String.valueOf(retryAfter.toSeconds()));
                refuse(request, effects, 429, 20429);
            }
            case Fault.Answer(var status, var contentType, var body) -> {
                effects.noted().accept(status);
                answer(request, status, contentType, body);
            }
            case Fault.AcceptThenFail() -> {
                effects.noted().accept(500);
                effects.accepted().run();
                refuse(request, 500, 20500, "Something went wrong");
            }
            case Fault.AcceptThenStall() -> {
                effects.noted().accept(0);
                effects.accepted().run();
                request.response().setStatusCode(201).setChunked(true).write("{\"sid\":");
            }
            case Fault.AcceptThenReset() -> {
                effects.noted().accept(0);
                effects.accepted().run();
                request.connection().close();
            }
            case Fault.Hang() -> effects.noted().accept(0);
            case Fault.HangThenAccept() -> {
                effects.noted().accept(0);
                request.connection().closeHandler(gaveUp -> effects.accepted().run());
            }
        }
    }

    private void accept(SentMessage message) {
        ledger.accept(message);
        reports.begin(message);
    }

    private SentMessage message(Map<String, String> parameters) {
        var sid = "SM" + UUID.randomUUID().toString().replace("-", "");
        return SentMessage.accepted(sid, parameters, clock.instant());
    }

    private void note(Map<String, String> parameters, int answered) {
        ledger.attempted(new Ledger.Attempt(clock.instant(), parameters, answered));
    }

    /** As Twilio's, the prose quotes the number, so that a client that repeats it is caught. */
    private static void refuse(HttpServerRequest request, Effects effects, int status, int code) {
        effects.noted().accept(status);
        refuse(request, status, code, "Message to " + effects.to() + " refused with code " + code);
    }

    private static void refuse(HttpServerRequest request, int status, int code, String message) {
        answer(
                request,
                status,
                new JsonObject()
                        .put("code", code)
                        .put("message", message)
                        .put("more_info", "https://www.twilio.com/docs/errors/" + code)
                        .put("status", status));
    }

    private static void answer(HttpServerRequest request, int status, JsonObject body) {
        answer(request, status, "application/json; charset=utf-8", body.encode());
    }

    private static void answer(HttpServerRequest request, int status, String contentType, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", contentType)
                .end(body);
    }

    private static List<Map.Entry<String, String>> form(String body) {
        return Arrays.stream(body.split("&"))
                .filter(field -> !field.isEmpty())
                .map(field -> field.split("=", 2))
                .map(field -> Map.entry(
                        URLDecoder.decode(field[0], UTF_8),
                        field.length == 1 ? "" : URLDecoder.decode(field[1], UTF_8)))
                .toList();
    }
}
