package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.crypto.CodeOpener;
import dev.sallyport.crypto.EventVerifier;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.deploy.embedded.FaultyServers;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.CodeMessage;
import dev.sallyport.sms.Outcome;
import dev.sallyport.sms.Outcome.Status;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.kafka.OutcomeRecords;
import dev.sallyport.sms.kafka.SendCodeRecords;
import dev.sallyport.testing.Folders;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The web roles alone, with servers of their own: the test is the dispatcher, and says what becomes of each message. */
final class NewsSite implements AutoCloseable {

    private final FaultyServers servers = FaultyServers.start();
    private final Path allKeys = Folders.temporary("sallyport-all-keys-");
    private final Keyring keys;
    private final TestPlatform platform;
    private final EventTap orders;
    private final KafkaProducer<byte[], byte[]> producer;

    private NewsSite() {
        KeyFolder folder = new KeyFolder(allKeys);
        folder.init();
        keys = Keyring.open(allKeys, EnumSet.allOf(Role.class));
        Path webKeys = Folders.temporary("sallyport-web-keys-");
        folder.export(EnumSet.of(Role.LOGIN, Role.ENROLLMENT), webKeys);
        Map<String, String> settings = new HashMap<>(servers.settings("news"));
        settings.put("SALLYPORT_ROLES", "login,enrollment");
        settings.put("SALLYPORT_KEYS_DIR", webKeys.toString());
        platform = TestPlatform.start(settings);
        orders = new EventTap(servers.bootstrapServers(), "sallyport.sms.send");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static NewsSite start() {
        return new NewsSite();
    }

    TestPlatform platform() {
        return platform;
    }

    FaultyServers servers() {
        return servers;
    }

    /** Somebody with a phone, between the doors, for whom a message was ordered a moment ago. */
    Person waiting() {
        Person person = withPhone();
        person.signOut();
        person.signIn();
        return person;
    }

    /** Somebody with a phone, signed in. */
    Person withPhone() {
        Person person = binding();
        person.browser.submit("/enable-tfa-via-sms", "token", code(order(person)));
        return person;
    }

    /** Somebody signed in with a password, who waits for the code of a new phone. */
    Person binding() {
        Person person = Person.signedUp(platform);
        person.browser.submit("/enable-tfa-via-sms", "phone_number", person.phone);
        return person;
    }

    /** The newest order of a message for somebody. */
    SendCode order(Person person) {
        String phoneKey = new PhoneKeys(keys).of(person.phone);
        EventRecord newest =
                orders.await(1, seen -> seen.key().equals(phoneKey)).getLast().event();
        return SendCodeRecords.decode(newest, new EventVerifier(keys)).orElseThrow();
    }

    /** What the message of an order says. */
    String code(SendCode order) {
        SealContext context = new SealContext(SendCode.TYPE, order.challengeId(), order.phoneKey(), order.expiresAt());
        byte[] opened = new CodeOpener(keys).open(order.sealed(), context);
        return CodeMessage.decode(opened).orElseThrow().code();
    }

    Outcome outcome(SendCode order, Status status) {
        return Outcome.of(
                order.messageId(),
                order.challengeId(),
                order.phoneKey(),
                status,
                platform.clock().instant());
    }

    void tell(SendCode order, Status status) throws Exception {
        tell(outcome(order, status));
    }

    void tell(Outcome outcome) throws Exception {
        write(CloudEvents.producerRecord(OutcomeRecords.encode(outcome), "/test"));
    }

    /** Tells all of these, and returns when all are there. */
    void tell(List<Outcome> outcomes) throws Exception {
        for (Outcome outcome : outcomes) {
            tell(outcome);
        }
    }

    void write(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get();
    }

    @Override
    public void close() {
        producer.close();
        orders.close();
        platform.close();
        servers.close();
        Folders.delete(allKeys);
    }
}
