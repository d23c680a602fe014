package dev.sallyport.seal;

/**
 * A partition of the audit log.
 *
 * @param topicId as Kafka made it with the topic; another one of the same name has another
 */
public record LogId(String topic, String topicId, int partition) {

    private static final int PARTS = 3;

    /** @throws IllegalArgumentException if this is not what {@link #toString} gives */
    static LogId parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != PARTS || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException("not the name of a partition");
        }
        return new LogId(parts[0], parts[1], Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return topic + '/' + topicId + '/' + partition;
    }
}
