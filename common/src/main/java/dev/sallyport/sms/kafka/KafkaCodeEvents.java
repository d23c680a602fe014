package dev.sallyport.sms.kafka;

import dev.sallyport.OutageLog;
import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.event.EventPublisher;
import dev.sallyport.event.PublishFailed;
import dev.sallyport.event.Topics;
import dev.sallyport.sms.CodeEvents;
import dev.sallyport.sms.CodeVerified;
import dev.sallyport.sms.SendCode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs as one web role and produces to {@code sallyport.sms.send} and {@code sallyport.sms.verified}. */
public final class KafkaCodeEvents implements CodeEvents {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCodeEvents.class);

    private final SendCodeRecords orders;
    private final VerifiedRecords verifications;
    private final EventPublisher publisher;
    private final OutageLog outage =
            new OutageLog(LOG, "Kafka is not told which codes were accepted; dispatchers count them as unanswered");

    /** @param producer the role whose key signs */
    public KafkaCodeEvents(Role producer, EventSigner signer, EventPublisher publisher) {
        this.orders = new SendCodeRecords(producer, signer);
        this.verifications = new VerifiedRecords(producer, signer);
        this.publisher = publisher;
    }

    @Override
    public void order(SendCode order) {
        publisher.send(orders.encode(order));
    }

    @Override
    public void verified(CodeVerified verified) {
        publisher.publish(List.of(verifications.encode(verified)), acknowledged -> {
            if (acknowledged) {
                outage.worked();
            } else {
                outage.failed(new PublishFailed(Topics.SMS_VERIFIED, null));
            }
        });
    }
}
