package dev.sallyport.dispatch.webhook;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A gateway, and what is shared with it.
 *
 * @param name what this instance is called in configuration, metrics and events
 * @param url where texts are posted; it may hold a name and password, which become basic authorization, and a query
 */
public record WebhookConfig(String name, URI url, WebhookKeys keys) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

    public WebhookConfig {
        // Numbers and codes travel in every request: in clear they may only travel inside this machine.
        boolean confidential = "https".equals(url.getScheme())
                || ("http".equals(url.getScheme())
                        && LOOPBACK.matcher(String.valueOf(url.getHost())).matches());
        if (!confidential || url.getHost() == null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "A webhook's address must begin with https and name a host, without a fragment; http is for a gateway"
                            + " on this machine");
        }
    }

    /** Leaves out all of the address but the host, since tokens hide in paths and queries too. */
    @Override
    public String toString() {
        return "WebhookConfig[name=%s, host=%s, keys=%s]".formatted(name, url.getHost(), keys);
    }
}
