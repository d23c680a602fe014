package dev.sallyport.session.mongo;

import dev.sallyport.session.Pass;
import dev.sallyport.session.Ticket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.IntStream;

/** How a session's document keeps tickets for protected sites, and by site the hashes of the tokens there. */
final class SitePasses {

    private static final String TICKETS = "tickets";
    private static final String SITES = "sites";

    /** Of each, as many as the pages that a browser opens at once when it starts. */
    private static final int MOST = 20;

    private SitePasses() {}

    /** Keeps a ticket. */
    static JsonObject issue(Ticket ticket) {
        return push(
                TICKETS,
                new JsonObject()
                        .put("hash", ticket.pass().secret().hash())
                        .put("host", ticket.host())
                        .put("nonceHash", ticket.nonceHash())
                        .put("uri", ticket.uri())
                        .put("expiresAt", ticket.expiresAt().toEpochMilli()));
    }

    /** Narrows a query to a document that has a ticket for this site and browser, unused and not expired. */
    static JsonObject withTicket(JsonObject query, Pass ticket, String host, String nonceHash, Instant now) {
        JsonObject unused = new JsonObject()
                .put("hash", ticket.secret().hash())
                .put("host", host)
                .put("nonceHash", nonceHash)
                .put("expiresAt", new JsonObject().put("$gt", now.toEpochMilli()));
        return query.put(TICKETS, new JsonObject().put("$elemMatch", unused));
    }

    /** Uses a ticket up, and keeps the token that there is for it. */
    static JsonObject admit(Pass ticket, String host, Pass token) {
        JsonObject used = new JsonObject().put("hash", ticket.secret().hash());
        return push(tokens(host), token.secret().hash()).put("$pull", new JsonObject().put(TICKETS, used));
    }

    /** Where a ticket of a document leads. */
    static String uri(JsonObject document, Pass ticket) {
        JsonArray tickets = document.getJsonArray(TICKETS);
        return IntStream.range(0, tickets.size())
                .mapToObj(tickets::getJsonObject)
                .filter(kept -> kept.getString("hash").equals(ticket.secret().hash()))
                .map(kept -> kept.getString("uri"))
                .findFirst()
                .orElseThrow();
    }

    /** Narrows a query to a document that has a token at this site. */
    static JsonObject withToken(JsonObject query, Pass token, String host) {
        return query.put(tokens(host), token.secret().hash());
    }

    /** Adds to fields that a session's end takes away. */
    static JsonObject all(JsonObject fields) {
        return fields.put(TICKETS, "").put(SITES, "");
    }

    /** A host as it is would be a path. */
    private static String tokens(String host) {
        byte[] bytes = host.getBytes(StandardCharsets.US_ASCII);
        return SITES + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Adds an element at the end of an array, and keeps the newest. */
    private static JsonObject push(String field, Object element) {
        JsonObject newest =
                new JsonObject().put("$each", new JsonArray().add(element)).put("$slice", -MOST);
        return new JsonObject().put("$push", new JsonObject().put(field, newest));
    }
}
