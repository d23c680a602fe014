package dev.sallyport.seal.kafka;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.event.Topics;

/** The audit topic is another one than when this connection began. */
final class TopicReplaced extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    TopicReplaced() {
        super("The topic " + Topics.AUDIT + " was made anew.", null);
    }
}
