package dev.sallyport.dispatch.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.twilio.security.RequestValidator;
import dev.sallyport.dispatch.callback.Callback;
import dev.sallyport.dispatch.callback.CallbackReader;
import dev.sallyport.sms.Outcome.Status;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Twilio's status callbacks: a form, signed with the account's auth token over the address that Twilio has called
 * and everything in the form. The message is named by what {@link TwilioSmsProvider} has written into that address, so
 * that a report names it also where the answer to its request was lost.
 */
public final class TwilioCallbacks implements CallbackReader {

    private static final Logger LOG = LoggerFactory.getLogger(TwilioCallbacks.class);
    private static final Pattern SID = Pattern.compile("(SM|MM)[0-9a-fA-F]{32}");
    private static final Pattern OURS = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern ATTEMPT = Pattern.compile("[1-9][0-9]{0,2}");
    private static final Pattern CODE = Pattern.compile("[0-9]{1,9}");
    private static final Pattern WORD = Pattern.compile("[a-z_-]{1,40}");
    private static final int MOST_UNKNOWN_WORDS = 50;

    private final String instance;
    private final List<RequestValidator> validators;
    private final Optional<String> fragment;
    private final Clock clock;
    private final TwilioErrors errors;
    private final Set<String> unknownWords = ConcurrentHashMap.newKeySet();

    /**
     * @param instance the name of the provider instance that sends with this account
     * @param oldAuthToken believed as well, so that a token can be replaced while reports are on their way
     * @param errors what Twilio's codes mean
     */
    public TwilioCallbacks(
            String instance, TwilioConfig config, Optional<String> oldAuthToken, TwilioErrors errors, Clock clock) {
        this.errors = errors;
        this.instance = instance;
        this.validators = Stream.concat(Stream.of(config.authToken()), oldAuthToken.stream())
                .map(RequestValidator::new)
                .toList();
        this.fragment = config.callbackUrl().map(URI::getRawFragment);
        this.clock = clock;
    }

    @Override
    public Result read(URI uri, Function<String, Optional<String>> headers, byte[] body) {
        Optional<String> signature = headers.apply("X-Twilio-Signature");
        if (signature.isEmpty()) {
            return new NotGenuine();
        }
        Optional<Map<String, String>> form = Form.parse(new String(body, UTF_8));
        if (form.isEmpty()) {
            return new Malformed();
        }
        if (!isSigned(uri, form.get(), signature.get())) {
            return new NotGenuine();
        }
        return Form.parse(String.valueOf(uri.getRawQuery()))
                .map(query -> result(query, form.get()))
                .orElseGet(Malformed::new);
    }

    /**
     * Over every field, those that we don't know included. Twilio's own validator tries the address with and without
     * its default port. Whether Twilio signs the fragment, which it keeps to itself, is not documented, so both ways
     * count.
     */
    private boolean isSigned(URI uri, Map<String, String> form, String signature) {
        return validators.stream().anyMatch(validator -> Stream.concat(
                        Stream.of(uri.toString()), fragment.map(part -> uri + "#" + part).stream())
                .anyMatch(address -> validator.validate(address, form, signature)));
    }

    private Result result(Map<String, String> query, Map<String, String> form) {
        String messageId = query.getOrDefault("m", "");
        String attempt = query.getOrDefault("a", "");
        String phoneKey = query.getOrDefault("k", "");
        String sid = form.getOrDefault("MessageSid", form.getOrDefault("SmsSid", ""));
        String word = form.getOrDefault("MessageStatus", form.getOrDefault("SmsStatus", ""));
        boolean ours = OURS.matcher(messageId).matches()
                && ATTEMPT.matcher(attempt).matches()
                && OURS.matcher(phoneKey).matches();
        if (!ours || !SID.matcher(sid).matches() || word.isEmpty()) {
            return new Malformed();
        }
        Optional<Status> status = statusOf(word);
        if (status.isEmpty()) {
            return new NothingNew();
        }
        Callback callback = Callback.of(
                messageId, Integer.parseInt(attempt), phoneKey, instance, sid, status.get(), clock.instant());
        return new News(status.get().isHopeless() ? failed(callback, word, form.get("ErrorCode")) : callback);
    }

    private Callback failed(Callback callback, String word, @Nullable String reported) {
        Optional<Integer> code = Optional.ofNullable(reported)
                .filter(text -> CODE.matcher(text).matches())
                .map(Integer::valueOf);
        return callback.because(errors.ofMessage(word, code), TwilioErrors.codeOf(word, code));
    }

    /** What a status says that the acceptance of the message did not. */
    private Optional<Status> statusOf(String word) {
        return switch (word) {
            case "sent" -> Optional.of(Status.SENT);
            case "delivered", "read" -> Optional.of(Status.DELIVERED);
            case "undelivered" -> Optional.of(Status.UNDELIVERED);
            case "failed", "canceled" -> Optional.of(Status.FAILED);
            case "accepted", "scheduled", "queued", "sending" -> Optional.empty();
            default -> {
                noteUnknown(word);
                yield Optional.empty();
            }
        };
    }

    /** Each word once, and only if it is one. */
    private void noteUnknown(String word) {
        boolean news =
                unknownWords.size() < MOST_UNKNOWN_WORDS && WORD.matcher(word).matches() && unknownWords.add(word);
        if (news) {
            LOG.debug("Twilio reports the status '{}', which is not known here and tells nothing", word);
        }
    }
}
