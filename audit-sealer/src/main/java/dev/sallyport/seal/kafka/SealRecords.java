package dev.sallyport.seal.kafka;

import dev.sallyport.crypto.SignedNote;
import dev.sallyport.event.Topics;
import dev.sallyport.seal.Checkpoint;
import dev.sallyport.seal.Hash;
import dev.sallyport.seal.Seal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Seals as records: the note is the value, and the hashes of its records are the header {@code leaves}. */
final class SealRecords {

    private static final String LEAVES = "leaves";
    private static final String SOURCE = "/sallyport/audit-sealer";
    private static final String TYPE = "dev.sallyport.audit.checkpoint";

    private SealRecords() {}

    /** The record of a seal, in the partition of the records that it covers. */
    static ProducerRecord<byte[], byte[]> encode(Seal seal) {
        Checkpoint checkpoint = seal.checkpoint();
        List<Header> headers = new ArrayList<>();
        text(headers, "content-type", "text/plain; charset=utf-8");
        text(headers, "ce_specversion", "1.0");
        text(headers, "ce_id", checkpoint.log() + "/" + checkpoint.number());
        text(headers, "ce_source", SOURCE);
        text(headers, "ce_type", TYPE);
        text(headers, "ce_time", checkpoint.time().toString());
        headers.add(new RecordHeader(LEAVES, Hash.join(seal.leaves())));
        int partition = checkpoint.log().partition();
        return new ProducerRecord<>(
                Topics.AUDIT_CHECKPOINT,
                partition,
                null,
                bytes(Integer.toString(partition)),
                bytes(seal.note().toString()),
                headers);
    }

    /** The seal in a record; empty if it holds none. Nothing is verified by that. */
    static Optional<Seal> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        Header leaves = record.headers().lastHeader(LEAVES);
        List<Hash> hashes = leaves == null || leaves.value() == null ? List.of() : Hash.split(leaves.value());
        return SignedNote.parse(new String(record.value(), StandardCharsets.UTF_8))
                .flatMap(note -> Seal.read(note, hashes))
                .filter(seal -> seal.checkpoint().log().partition() == record.partition());
    }

    private static void text(List<Header> headers, String name, String value) {
        headers.add(new RecordHeader(name, bytes(value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
