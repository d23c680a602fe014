package dev.sallyport.authz;

/**
 * A request about which a proxy asks, as the client sent it to the proxy.
 *
 * @param host what the client calls the host
 * @param uri path and query
 * @param page true if a browser asks for a page to show, so that it can be led somewhere else
 */
public record Asked(String host, String method, String uri, boolean page) {}
