package dev.sallyport.dispatch;

import dev.sallyport.dispatch.ledger.LedgerEntry.End;
import dev.sallyport.dispatch.ledger.LedgerEntry.Ended;
import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.dispatch.limit.Rule;
import dev.sallyport.sms.FailureClass;
import java.util.Optional;

/**
 * Writes to the ledger how the attempts of one order ended. Nobody waits for it: should an entry be lost, whoever reads the
 * order again settles the attempt once more.
 */
record Ends(Job job) {

    Ended accepted(Started started, SendResult.Accepted accepted) {
        Optional<String> id = Optional.of(accepted.providerId());
        return write(started, End.ACCEPTED, id, Optional.empty(), Optional.empty());
    }

    Ended refused(Started started, SendResult.Refused refused) {
        return failed(started, End.REFUSED, refused.failureClass(), refused.code());
    }

    Ended notSent(Started started, FailureClass failure, String code) {
        return failed(started, End.NOT_SENT, failure, code);
    }

    Ended unknown(Doubt open) {
        return failed(open.started(), End.UNKNOWN, open.failure(), open.code());
    }

    Ended suppressed(Rule rule) {
        return write(new Ended(
                job.messageId(),
                0,
                End.SUPPRESSED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(rule.id()),
                job.clock().instant()));
    }

    private Ended failed(Started started, End end, FailureClass failure, String code) {
        return write(started, end, Optional.empty(), Optional.of(failure), Optional.of(code));
    }

    private Ended write(
            Started started,
            End end,
            Optional<String> providerId,
            Optional<FailureClass> failure,
            Optional<String> code) {
        return write(new Ended(
                job.messageId(),
                started.attempt(),
                end,
                Optional.of(started.claim()),
                Optional.of(started.provider()),
                providerId,
                failure,
                code,
                job.clock().instant()));
    }

    private Ended write(Ended ended) {
        var _ = job.ledger().end(job.order().phoneKey(), ended);
        return ended;
    }
}
