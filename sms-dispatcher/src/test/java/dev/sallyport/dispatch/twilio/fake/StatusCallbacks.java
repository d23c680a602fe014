package dev.sallyport.dispatch.twilio.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts the news of a message to its StatusCallback URL, signed with the account's token as Twilio does it. */
public final class StatusCallbacks implements AutoCloseable {

    private final String accountSid;
    private final String authToken;
    private final HttpClient http = HttpClient.newHttpClient();

    StatusCallbacks(String accountSid, String authToken) {
        this.accountSid = accountSid;
        this.authToken = authToken;
    }

    /**
     * Posts what the message has come to. A fragment of the address is not sent, and not signed.
     *
     * @return the HTTP status of the receiver's answer
     */
    int post(URI address, SentMessage message) throws IOException, InterruptedException {
        var url = URI.create(address.toString().split("#", 2)[0]);
        var form = form(message);
        var body = form.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .header("I-Twilio-Idempotency-Token", UUID.randomUUID().toString())
                .header("X-Twilio-Signature", signature(url.toString(), form, authToken))
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** Base64 of HMAC-SHA1 over the URL and every name and value, sorted by name. */
    public static String signature(String url, SortedMap<String, String> form, String authToken) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(authToken.getBytes(UTF_8), "HmacSHA1"));
            mac.update(url.getBytes(UTF_8));
            form.forEach((name, value) -> mac.update((name + value).getBytes(UTF_8)));
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private SortedMap<String, String> form(SentMessage message) {
        var form = new TreeMap<String, String>();
        form.put("AccountSid", accountSid);
        form.put("ApiVersion", "2010-04-01");
        form.put(message.fromMessagingService() ? "MessagingServiceSid" : "From", message.sender());
        form.put("MessageSid", message.sid());
        form.put("MessageStatus", message.status());
        form.put("SmsSid", message.sid());
        form.put("SmsStatus", message.status());
        form.put("To", message.to());
        message.errorCode().ifPresent(code -> form.put("ErrorCode", String.valueOf(code)));
        return form;
    }
}
