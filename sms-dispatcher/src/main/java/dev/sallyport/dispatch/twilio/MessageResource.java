package dev.sallyport.dispatch.twilio;

import com.twilio.rest.api.v2010.account.Message;
import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SendResult.Accepted;
import dev.sallyport.dispatch.SendResult.Refused;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Twilio's resource of a message says of it. */
final class MessageResource {

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,3}");

    private MessageResource() {}

    /** The result that it stands for: Twilio has the message, or won't bring it any more. Needs a sid. */
    static SendResult result(Message message, TwilioErrors errors) {
        String status =
                message.getStatus() == null ? "unknown" : message.getStatus().toString();
        return switch (status) {
            case "failed", "undelivered", "canceled" -> {
                Optional<Integer> code = Optional.ofNullable(message.getErrorCode());
                yield new Refused(errors.ofMessage(status, code), TwilioErrors.codeOf(status, code));
            }
            default -> new Accepted(message.getSid(), status, count(message.getNumSegments()));
        };
    }

    private static int count(@Nullable String segments) {
        return segments != null && COUNT.matcher(segments).matches() ? Integer.parseInt(segments) : 0;
    }
}
