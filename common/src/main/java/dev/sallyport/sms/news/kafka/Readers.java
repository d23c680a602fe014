package dev.sallyport.sms.news.kafka;

import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.kafka.OutcomeRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What both readers of outcomes take for one. */
final class Readers {

    /** No challenge lives for so long, and no clock goes so wrong: nobody waits for such news. */
    private static final Duration OLD = Duration.ofMinutes(30);

    private Readers() {}

    /** Empty if the record is no outcome. */
    static Optional<Outcome> read(ConsumerRecord<byte[], byte[]> record) {
        return CloudEvents.read(record).flatMap(OutcomeRecords::decode);
    }

    static boolean isNews(Outcome outcome, Instant now) {
        return outcome.at().isAfter(now.minus(OLD)) && outcome.at().isBefore(now.plus(OLD));
    }
}
