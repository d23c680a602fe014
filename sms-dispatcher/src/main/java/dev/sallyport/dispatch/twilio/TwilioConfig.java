package dev.sallyport.dispatch.twilio;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An account at Twilio, and who its messages come from.
 *
 * @param accountSid {@code AC} and 32 hexadecimal digits
 * @param authToken secret
 * @param from the sending phone number, short code or sender id, or a messaging service where it starts with {@code MG}
 * @param baseUrl scheme, host and port of the API; a region or an edge is chosen by its host name
 * @param callbackUrl where Twilio reports the status of messages, as it sees that place from outside; a fragment tells
 *     Twilio how to go about it, {@code #rc=3&rp=5xx} to repeat three times what was answered with 5xx
 */
public record TwilioConfig(String accountSid, String authToken, String from, URI baseUrl, Optional<URI> callbackUrl) {

    public static final URI DEFAULT_BASE_URL = URI.create("https://api.twilio.com");

    private static final Pattern ACCOUNT_SID = Pattern.compile("AC[0-9a-fA-F]{32}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

    public TwilioConfig {
        require(
                ACCOUNT_SID.matcher(accountSid).matches(),
                "The Twilio account SID must be AC and 32 hexadecimal digits; copy it from the Twilio console");
        require(!authToken.isBlank(), "The Twilio auth token is empty; copy it from the Twilio console");
        require(!from.isBlank(), "The Twilio sender is empty; set a phone number or a messaging service SID (MG...)");
        requireBaseUrl(baseUrl);
        callbackUrl.ifPresent(TwilioConfig::requireCallbackUrl);
    }

    /** Leaves out the token, and the sender, which is a phone number. */
    @Override
    public String toString() {
        return "TwilioConfig[accountSid=%s, authToken=•••, from=•••, baseUrl=%s, callbackUrl=%s]"
                .formatted(accountSid, baseUrl, callbackUrl.map(URI::toString).orElse("none"));
    }

    private static void requireBaseUrl(URI url) {
        var host = url.getHost();
        require(
                host != null
                        && (url.getPath().isEmpty() || url.getPath().equals("/"))
                        && url.getRawQuery() == null
                        && url.getRawFragment() == null
                        && url.getRawUserInfo() == null,
                "SALLYPORT_TWILIO_BASE_URL must be scheme, host and port only; write it like " + DEFAULT_BASE_URL
                        + ".");
        // The auth token travels in every request: in clear it may only travel inside this machine.
        require(
                "https".equals(url.getScheme())
                        || ("http".equals(url.getScheme())
                                && LOOPBACK.matcher(host).matches()),
                "SALLYPORT_TWILIO_BASE_URL must begin with https; http is for a server on this machine.");
    }

    private static void requireCallbackUrl(URI url) {
        var host = url.getHost();
        require(
                ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                        && host != null
                        && !host.contains("_"),
                "SALLYPORT_SMS_CALLBACK_URL must be a whole http or https address, its host without underscores; write"
                        + " it so, or leave it out.");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
