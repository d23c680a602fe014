package dev.sallyport.deploy;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.crypto.SignedParts;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.CodeMessage;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.kafka.SendCodeRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    private final Ids ids;
    private final KafkaProducer<byte[], byte[]> producer;

    OrderForge(Path keyFolder, String bootstrapServers, Clock clock) {
        this(keyFolder, bootstrapServers, clock, "none");
    }

    /** @param compression as Kafka's producers name it */
    OrderForge(Path keyFolder, String bootstrapServers, Clock clock, String compression) {
        this.keys = Keyring.open(keyFolder, EnumSet.allOf(Role.class));
        this.clock = clock;
        this.ids = new Ids(clock, new SecureRandom());
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "compression.type", compression),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** An order as a web role makes it now. */
    SendCode order(String phone, String code) {
        Instant now = clock.instant();
        String challenge = ids.next();
        return order(phone, challenge, now, sealed(phone, code, challenge, now.plus(Duration.ofMinutes(5))));
    }

    private SendCode order(String phone, String challenge, Instant now, byte[] sealed) {
        return new SendCode(
                ids.next(),
                challenge,
                "sign-in",
                new PhoneKeys(keys).of(phone),
                now,
                now.plus(SendCode.WORTH_SENDING_FOR),
                now.plus(Duration.ofMinutes(5)),
                sealed);
    }

    private byte[] sealed(String phone, String code, String challenge, Instant expiresAt) {
        return seal(new CodeMessage(phone, code).encode(), phone, challenge, expiresAt);
    }

    private byte[] seal(byte[] content, String phone, String challenge, Instant expiresAt) {
        return new CodeSeal(keys)
                .seal(content, new SealContext(SendCode.TYPE, challenge, new PhoneKeys(keys).of(phone), expiresAt));
    }

    /** An order of a minute ago: signed, sealed, and of no use any more. */
    SendCode lateOrder(String phone, String code) {
        Instant then = clock.instant().minus(SendCode.WORTH_SENDING_FOR);
        String challenge = ids.next();
        return order(phone, challenge, then, sealed(phone, code, challenge, then.plus(Duration.ofMinutes(5))));
    }

    /** An order whose seal belongs to another challenge. */
    SendCode orderWithSealOfAnother(String phone, String code) {
        Instant now = clock.instant();
        return order(phone, ids.next(), now, sealed(phone, code, ids.next(), now.plus(Duration.ofMinutes(5))));
    }

    /** An order whose seal holds anything. */
    SendCode orderOf(String phone, String content) {
        Instant now = clock.instant();
        String challenge = ids.next();
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return order(phone, challenge, now, seal(bytes, phone, challenge, now.plus(Duration.ofMinutes(5))));
    }

    /** Signed as a role signs. */
    ProducerRecord<byte[], byte[]> signed(Role role, SendCode order) {
        return CloudEvents.producerRecord(
                new SendCodeRecords(role, new EventSigner(keys, role)).encode(order), "/test");
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
