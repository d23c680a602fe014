package dev.sallyport.dispatch.callback;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells whether a request is a report of the provider, and what it says. One for each provider instance, safe for use
 * by many threads at once. Keeps nothing, asks nobody, and writes nothing of the request into a log.
 */
@FunctionalInterface
public interface CallbackReader {

    /**
     * Reads a POST.
     *
     * @param uri the whole address that the provider has called, as it stands in the provider's own request: that of a
     *     proxy in front, with the query, without a fragment
     * @param headers the value of a header by its name in any case
     * @param body as it came in, 16 KB at most
     */
    Result read(URI uri, Function<String, Optional<String>> headers, byte[] body);

    /** What a request turned out to be. */
    sealed interface Result {}

    /** A report that says something new. */
    record News(Callback callback) implements Result {}

    /** A genuine report that tells nothing that was not known from the acceptance of the message. */
    record NothingNew() implements Result {}

    /** The provider has not signed this. */
    record NotGenuine() implements Result {}

    /** Not a report at all, or not one of a message of ours. */
    record Malformed() implements Result {}
}
