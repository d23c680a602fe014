package dev.sallyport.dispatch.http;

import dev.sallyport.ExpectedFailure;
import dev.sallyport.sms.FailureClass;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The call ended without a whole answer. The code is the kind of failure, never its message. */
public final class NoAnswer extends ExpectedFailure {

    private static final long serialVersionUID = 1;

    private final FailureClass failureClass;
    private final String code;

    NoAnswer(FailureClass failureClass, String code, @Nullable Throwable cause) {
        super("No answer from the provider (" + code + "); see that its address can be reached from here", cause);
        this.failureClass = failureClass;
        this.code = code;
    }

    public FailureClass failureClass() {
        return failureClass;
    }

    public String code() {
        return code;
    }

    static NoAnswer because(@Nullable Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException timeout ->
                new NoAnswer(FailureClass.NO_CONNECTION, "connect-timeout", timeout);
            case PromptBody.TooLate late -> new NoAnswer(FailureClass.NO_CONNECTION, "left-too-late", late);
            case ConnectException unknown
            when unknown.getCause() instanceof UnresolvedAddressException ->
                new NoAnswer(FailureClass.NO_CONNECTION, "unresolved-host", unknown);
            case ConnectException refused -> new NoAnswer(FailureClass.NO_CONNECTION, "connect", refused);
            // Until the handshake stands, no byte of the request has left.
            case SSLHandshakeException untrusted ->
                new NoAnswer(FailureClass.NO_CONNECTION, "tls-handshake", untrusted);
            case IOException broken -> new NoAnswer(FailureClass.CONNECTION_LOST, "connection-lost", broken);
            case null, default -> new NoAnswer(FailureClass.CONNECTION_LOST, "unexpected", failure);
        };
    }
}
