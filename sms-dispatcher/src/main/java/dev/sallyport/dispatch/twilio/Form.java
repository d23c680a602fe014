package dev.sallyport.dispatch.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Names and values as a form or a query carries them. */
final class Form {

    private Form() {}

    /** The fields; empty if an escape is broken, or a name stands there twice, which Twilio does not do. */
    static Optional<Map<String, String>> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split("&", -1)) {
            String[] parts = field.split("=", 2);
            try {
                String name = URLDecoder.decode(parts[0], UTF_8);
                String value = parts.length == 1 ? "" : URLDecoder.decode(parts[1], UTF_8);
                if (!field.isEmpty() && fields.put(name, value) != null) {
                    return Optional.empty();
                }
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(fields);
    }
}
