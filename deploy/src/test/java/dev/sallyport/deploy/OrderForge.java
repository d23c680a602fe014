package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.SignedParts;
import dev.sallyport.dispatch.OrderMaker;
import dev.sallyport.sms.SendCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes orders for text messages with a folder of keys, spoils them, and writes them to the topic. */
final class OrderForge implements AutoCloseable {

    private final Keyring keys;
    private final Clock clock;
    private final OrderMaker maker;
    private final KafkaProducer<byte[], byte[]> producer;

    OrderForge(Path keyFolder, String bootstrapServers, Clock clock) {
        this(keyFolder, bootstrapServers, clock, "none");
    }

    /** @param compression as Kafka's producers name it */
    OrderForge(Path keyFolder, String bootstrapServers, Clock clock, String compression) {
        this.keys = Keyring.open(keyFolder, EnumSet.allOf(Role.class));
        this.clock = clock;
        this.maker = new OrderMaker(keys, clock);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "compression.type", compression),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** An order as a web role makes it now. */
    SendCode order(String phone, String code) {
        return maker.order(phone, code, clock.instant());
    }

    /** An order of a minute ago: signed, sealed, and of no use any more. */
    SendCode lateOrder(String phone, String code) {
        return maker.order(phone, code, clock.instant().minus(SendCode.WORTH_SENDING_FOR));
    }

    /** An order whose seal belongs to another challenge. */
    SendCode orderWithSealOfAnother(String phone, String code) {
        return maker.orderWithSealOfAnother(phone, code, clock.instant());
    }

    /** An order whose seal holds anything. */
    SendCode orderOf(String phone, String content) {
        return maker.order(phone, content.getBytes(StandardCharsets.UTF_8), clock.instant());
    }

    /** Signed as a role signs. */
    ProducerRecord<byte[], byte[]> signed(Role role, SendCode order) {
        return maker.signed(role, order);
    }

    /** Signed as a role signs, whatever it says in a header. */
    ProducerRecord<byte[], byte[]> signedWith(Role role, SendCode order, String header, String value) {
        ProducerRecord<byte[], byte[]> changed = with(signed(role, order), header, value);
        Map<String, String> attributes = new TreeMap<>();
        for (Header each : changed.headers()) {
            if (each.key().startsWith("ce_")) {
                attributes.put(each.key().substring(3), new String(each.value(), StandardCharsets.UTF_8));
            }
        }
        attributes.keySet().removeAll(List.of("signature", "source", "specversion"));
        byte[] signature = new EventSigner(keys, role)
                .sign(new SignedParts(attributes, new String(changed.key(), StandardCharsets.UTF_8), changed.value()));
        return with(changed, "ce_signature", Base64.getEncoder().encodeToString(signature));
    }

    static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> record, String header, String value) {
        ProducerRecord<byte[], byte[]> changed = with(record, record.key(), record.value());
        changed.headers().remove(header);
        changed.headers().add(new RecordHeader(header, value.getBytes(StandardCharsets.UTF_8)));
        return changed;
    }

    static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> record, byte[] key, byte[] value) {
        List<Header> headers = List.of(record.headers().toArray());
        return new ProducerRecord<>(record.topic(), null, null, key, value, headers);
    }

    static ProducerRecord<byte[], byte[]> in(int partition, ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(record.topic(), partition, null, record.key(), record.value(), record.headers());
    }

    RecordMetadata write(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        return producer.send(record).get();
    }

    @Override
    public void close() {
        producer.close();
    }
}
