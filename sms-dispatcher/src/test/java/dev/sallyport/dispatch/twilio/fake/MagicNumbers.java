package dev.sallyport.dispatch.twilio.fake;

import java.util.Map;
import java.util.Optional;

/** The numbers with which Twilio's test credentials provoke errors, https://www.twilio.com/docs/iam/test-credentials. */
final class MagicNumbers {

    private static final Map<String, Integer> TO = Map.of(
            "+15005550001", 21211, // not valid
            "+15005550002", 21612, // no route
            "+15005550003", 21408, // no permission for the region
            "+15005550004", 21610, // opted out
            "+15005550009", 21614); // not a mobile

    /** +15005550006 is the one that works. */
    private static final Map<String, Integer> FROM = Map.of(
            "+15005550001", 21212, // not valid
            "+15005550007", 21606, // not ours
            "+15005550008", 21611); // queue full

    private MagicNumbers() {}

    static Optional<Integer> errorFor(Map<String, String> parameters) {
        return Optional.ofNullable(FROM.get(parameters.getOrDefault("From", "")))
                .or(() -> Optional.ofNullable(TO.get(parameters.getOrDefault("To", ""))));
    }
}
