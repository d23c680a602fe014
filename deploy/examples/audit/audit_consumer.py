"""Counts Sallyport's events, each once, and checks that they are as they were sealed (docs/audit.md).

pip install confluent-kafka cryptography
python3 audit_consumer.py localhost:9092 sallyport-audit+9f1c0a3e+AX...
"""
import base64, hashlib, re, struct, sys
from datetime import datetime, timedelta, timezone
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

consumer = Consumer({"bootstrap.servers": sys.argv[1], "isolation.level": "read_committed", "enable.auto.commit": False,
                     "enable.partition.eof": True, "fetch.wait.max.ms": 10, "group.id": "sallyport-audit-example"})
EPOCH, NOW = datetime.fromtimestamp(0, timezone.utc), datetime.now(timezone.utc)
keys = [key.split("+", 2) for key in sys.argv[2:]]  # name, hash, kind of key and key

def main():
    ids, records, checked, checkpoints, problems, until = set(), 0, 0, 0, 0, NOW
    for partition in sorted(consumer.list_topics("sallyport.audit").topics["sallyport.audit"].partitions):
        # Checkpoints first, so that everything that they are about is there when the events are read.
        notes = read("sallyport.audit.checkpoint", partition)
        events = read("sallyport.audit", partition)
        ids.update(value for event in events for name, value in event.headers() or [] if name == "ce_id")
        records += len(events)
        leaves, previous, next_offset, time = {event.offset(): leaf(event) for event in events}, "none", None, EPOCH
        for record in notes:
            try:
                note = (record.value() or b"").decode()
                text = note[:note.index("\n\n") + 1]
                expect(is_signed(text, note), "not signed with a key that was given")
                says = re.split("\n(?:first |last |previous |time )?", text)
                name, _, sealed_root, first, last, before, when = says[:7]
                follows = re.fullmatch(f"sallyport\\.audit/[^/]+/{partition}/[0-9]+", name) and before == previous \
                    and next_offset in (None, int(first))
                previous, next_offset = b64(sha256(text.encode())), int(last) + 1
                time = datetime.fromisoformat(when.replace("Z", "+00:00"))
                checkpoints += 1
                expect(follows, "does not follow the one before it")
                under = [leaves[offset] for offset in range(int(first), next_offset) if offset in leaves]
                # After 400 days Kafka deletes events, and keeps their checkpoints.
                old = time < NOW - timedelta(days=399)
                expect(old or b64(root(under)) == sealed_root, "the events are not those that were sealed")
                checked += len(under)
            except (ValueError, IndexError) as problem:
                problems += 1
                print(f"partition {partition}, checkpoint at offset {record.offset()}: {problem}")
        if time == EPOCH:
            problems += 1
            print(f"partition {partition}: no checkpoint")
        until = min(until, time)
    print(f"{len(ids)} events in {records} records, {checked} of them under {checkpoints} checkpoints,",
          f"every partition sealed until {until.isoformat()}:", "NOT VERIFIED" if problems else "verified")
    sys.exit(1 if problems else 0)

def read(topic, partition):
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING)])
    read = []
    while True:
        message = consumer.poll(60)
        if message is None:
            sys.exit("Kafka does not answer")
        if not message.error():
            read.append(message)
        elif message.error().code() == KafkaError._PARTITION_EOF:
            return read
        else:
            raise KafkaException(message.error())

def expect(is_so, problem):
    if not is_so:
        raise ValueError(problem)

def is_signed(text, note):
    """Whether one of the keys has signed a text in the note that it begins (C2SP signed-note)."""
    for name, _, key in keys:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
        for line in note.split("\n"):
            if line.startswith(f"\u2014 {name} "):
                try:
                    public.verify(base64.b64decode(line.split(" ")[2])[4:], text.encode())
                    return True
                except InvalidSignature:
                    pass
    return False

def leaf(event):
    """What is sealed of an event, as the leaf of a tree (RFC 6962)."""
    headers = event.headers() or []
    parts = [event.key()] + [part for name, value in headers for part in (name.encode(), value)] + [event.value()]
    sized = [struct.pack(">i", -1) if part is None else struct.pack(">i", len(part)) + part for part in parts]
    return sha256(b"\0", struct.pack(">qq", event.offset(), event.timestamp()[1]), sized[0],
                  struct.pack(">i", len(headers)), *sized[1:])

def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", root(leaves[:split]), root(leaves[split:]))

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def b64(data):
    return base64.b64encode(data).decode()

main()
