package dev.sallyport.session;

import java.time.Instant;

/**
 * Lets one browser into one protected site, once.
 *
 * @param pass what the browser shows
 * @param host of the site
 * @param nonceHash of what that browser keeps there
 * @param uri where it goes on then
 */
public record Ticket(Pass pass, String host, String nonceHash, String uri, Instant expiresAt) {}
