package dev.sallyport.sms.news;

import dev.sallyport.sms.FailureClass;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import java.util.Optional;

/**
 * What became of one message, as far as its owner is told.
 *
 * @param failure why it failed or was not delivered
 */
public record News(Status status, Optional<FailureClass> failure) {

    /** A limit did not let it be ordered. */
    public static final News SUPPRESSED = new News(Status.SUPPRESSED, Optional.empty());

    public static News of(Outcome outcome) {
        return new News(outcome.status(), outcome.failure());
    }
}
