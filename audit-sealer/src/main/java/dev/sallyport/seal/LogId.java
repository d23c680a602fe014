package dev.sallyport.seal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A partition of the audit log.
 *
 * @param topicId as Kafka made it with the topic; another one of the same name has another
 */
public record LogId(String topic, String topicId, int partition) {

    private static final Pattern FORM = Pattern.compile("([\\w.-]{1,249})/([\\w-]{1,40})/(\\d{1,6})");

    /** @throws IllegalArgumentException if this is not what {@link #toString} gives */
    static LogId parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not the name of a partition");
        }
        return new LogId(form.group(1), form.group(2), Integer.parseInt(form.group(3)));
    }

    @Override
    public String toString() {
        return topic + '/' + topicId + '/' + partition;
    }
}
