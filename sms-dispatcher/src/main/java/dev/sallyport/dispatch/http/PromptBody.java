package dev.sallyport.dispatch.http;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.BooleanSupplier;

/**
 * A body that is not sent once it is too late. Whether it is, is asked when the connection stands and the headers have
 * been written: a request without its body is none.
 */
record PromptBody(BodyPublisher body, BooleanSupplier tooLate) implements BodyPublisher {

    /** Nothing of the body was sent. */
    static final class TooLate extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final Subscription NOTHING = new Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        if (tooLate.getAsBoolean()) {
            subscriber.onSubscribe(NOTHING);
            subscriber.onError(new TooLate());
        } else {
            body.subscribe(subscriber);
        }
    }
}
