import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

// Counts Sallyport's events, each once, and checks that they are as they were sealed (docs/audit.md). With Java 25:
//   java -cp kafka-clients.jar:slf4j-api.jar AuditConsumer.java localhost:9092 sallyport-audit+9f1c0a3e+AX...
Set<String> ids = new HashSet<>();
List<String> keys;
int records = 0;
int checked = 0;
int checkpoints = 0;
int problems = 0;
Instant until = Instant.MAX;

void main(String[] arguments) throws Exception {
    keys = List.of(arguments).subList(1, arguments.length);
    Map<String, Object> settings = Map.of(
            "bootstrap.servers", arguments[0], "isolation.level", "read_committed", "fetch.max.wait.ms", 10);
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
        for (PartitionInfo info : consumer.partitionsFor("sallyport.audit")) {
            // Checkpoints first, so that everything that they are about is there when the events are read.
            var notes = read(consumer, new TopicPartition("sallyport.audit.checkpoint", info.partition()));
            var leaves = new TreeMap<Long, byte[]>();
            for (var record : read(consumer, new TopicPartition("sallyport.audit", info.partition()))) {
                record.headers().headers("ce_id").forEach(id -> ids.add(new String(id.value(), UTF_8)));
                leaves.put(record.offset(), leaf(record));
            }
            records += leaves.size();
            verify(info.partition(), notes, leaves);
        }
    }
    String result = problems == 0 ? "verified" : "NOT VERIFIED";
    IO.println("%d events in %d records, %d of them under %d checkpoints, every partition sealed until %s: %s"
            .formatted(ids.size(), records, checked, checkpoints, until, result));
    System.exit(problems == 0 ? 0 : 1);
}

List<ConsumerRecord<byte[], byte[]>> read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    var read = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(read::add);
    }
    return read;
}

void verify(int partition, List<ConsumerRecord<byte[], byte[]>> notes, NavigableMap<Long, byte[]> leaves) {
    String previous = "none";
    long next = -1;
    Instant time = Instant.EPOCH;
    for (var record : notes) {
        try {
            String note = new String(record.value(), UTF_8);
            String text = note.substring(0, note.indexOf("\n\n") + 1);
            expect(isSigned(text, note), "not signed with a key that was given");
            String[] says = text.split("\n(first |last |previous |time )?");
            long first = Long.parseLong(says[3]);
            boolean follows = says[0].matches("sallyport\\.audit/[^/]+/" + partition + "/\\d+")
                    && says[5].equals(previous)
                    && (next < 0 || next == first);
            next = Long.parseLong(says[4]) + 1;
            previous = base64(sha256(text.getBytes(UTF_8)));
            time = Instant.parse(says[6]);
            checkpoints++;
            expect(follows, "does not follow the one before it");
            var leavesUnder = List.copyOf(leaves.subMap(first, next).values());
            // After 400 days Kafka deletes events, and keeps their checkpoints.
            boolean old = time.isBefore(Instant.now().minus(Duration.ofDays(399)));
            expect(old || base64(root(leavesUnder)).equals(says[2]), "the events are not those that were sealed");
            checked += leavesUnder.size();
        } catch (GeneralSecurityException | RuntimeException e) {
            problems++;
            IO.println("partition %d, checkpoint at offset %d: %s"
                    .formatted(partition, record.offset(), e.getMessage()));
        }
    }
    if (time.equals(Instant.EPOCH)) {
        problems++;
        IO.println("partition %d: no checkpoint".formatted(partition));
    }
    until = time.isBefore(until) ? time : until;
}

void expect(boolean isSo, String problem) {
    if (!isSo) {
        throw new IllegalStateException(problem);
    }
}

/** Whether one of the keys has signed a text in the note that it begins (C2SP signed-note). */
boolean isSigned(String text, String note) throws GeneralSecurityException {
    for (String key : keys) {
        String[] parts = key.split("\\+", 3); // name, hash, kind of key and key
        byte[] raw = Base64.getDecoder().decode(parts[2]);
        String der = "302a300506032b6570032100" + HexFormat.of().formatHex(raw, 1, raw.length);
        var spec = new X509EncodedKeySpec(HexFormat.of().parseHex(der));
        var ed25519 = java.security.Signature.getInstance("Ed25519");
        ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(spec));
        for (String line : note.split("\n")) {
            if (line.startsWith("\u2014 " + parts[0] + " ")) {
                byte[] signature = Base64.getDecoder().decode(line.substring(parts[0].length() + 3));
                ed25519.update(text.getBytes(UTF_8));
                if (ed25519.verify(signature, 4, signature.length - 4)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/** What is sealed of an event, as the leaf of a tree (RFC 6962). */
byte[] leaf(ConsumerRecord<byte[], byte[]> record) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeByte(0);
    out.writeLong(record.offset());
    out.writeLong(record.timestamp());
    put(out, record.key());
    out.writeInt(record.headers().toArray().length);
    for (Header header : record.headers()) {
        put(out, header.key().getBytes(UTF_8));
        put(out, header.value());
    }
    put(out, record.value());
    return sha256(bytes.toByteArray());
}

void put(DataOutputStream out, byte[] part) throws IOException {
    out.writeInt(part == null ? -1 : part.length);
    out.write(part == null ? new byte[0] : part);
}

byte[] root(List<byte[]> leaves) throws GeneralSecurityException {
    if (leaves.size() < 2) {
        return leaves.isEmpty() ? sha256() : leaves.getFirst();
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    return sha256(new byte[] {1}, root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
}

byte[] sha256(byte[]... parts) throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] part : parts) {
        digest.update(part);
    }
    return digest.digest();
}

String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
}
