package dev.sallyport.dispatch;

import dev.sallyport.Ids;
import dev.sallyport.Role;
import dev.sallyport.crypto.CodeSeal;
import dev.sallyport.crypto.EventSigner;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.crypto.PhoneKeys;
import dev.sallyport.crypto.SealContext;
import dev.sallyport.event.EventRecord;
import dev.sallyport.event.kafka.CloudEvents;
import dev.sallyport.sms.CodeMessage;
import dev.sallyport.sms.SendCode;
import dev.sallyport.sms.kafka.SendCodeRecords;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes orders for text messages as the web roles make them. Safe for use by many threads. */
public final class OrderMaker {

    private static final Duration LIFE = Duration.ofMinutes(5);

    private final PhoneKeys phoneKeys;
    private final CodeSeal seal;
    private final Map<Role, SendCodeRecords> records = new EnumMap<>(Role.class);
    private final Ids ids;

    /** @param keys with those of both web roles */
    public OrderMaker(Keyring keys, Clock clock) {
        this.phoneKeys = new PhoneKeys(keys);
        this.seal = new CodeSeal(keys);
        this.ids = new Ids(clock, new SecureRandom());
        for (Role role : new Role[] {Role.LOGIN, Role.ENROLLMENT}) {
            records.put(role, new SendCodeRecords(role, new EventSigner(keys, role)));
        }
    }

    /** An order of a moment, of a challenge of its own. */
    public SendCode order(String phone, String code, Instant at) {
        return order(phone, new CodeMessage(phone, code).encode(), at);
    }

    /** The same with anything under its seal. */
    public SendCode order(String phone, byte[] content, Instant at) {
        String challenge = ids.next();
        return order(phone, challenge, at, sealed(phone, content, challenge, at));
    }

    /** An order whose seal belongs to another challenge. */
    public SendCode orderWithSealOfAnother(String phone, String code, Instant at) {
        return order(phone, ids.next(), at, sealed(phone, new CodeMessage(phone, code).encode(), ids.next(), at));
    }

    private SendCode order(String phone, String challenge, Instant at, byte[] sealed) {
        return new SendCode(
                ids.next(),
                challenge,
                "sign-in",
                phoneKeys.of(phone),
                at,
                at.plus(SendCode.WORTH_SENDING_FOR),
                at.plus(LIFE),
                sealed);
    }

    private byte[] sealed(String phone, byte[] content, String challenge, Instant at) {
        return seal.seal(content, new SealContext(SendCode.TYPE, challenge, phoneKeys.of(phone), at.plus(LIFE)));
    }

    /** Signed as a web role signs. */
    public EventRecord event(Role role, SendCode order) {
        SendCodeRecords own = records.get(role);
        if (own == null) {
            throw new IllegalArgumentException(role + " makes no orders");
        }
        return own.encode(order);
    }

    /** The same as it is written. */
    public ProducerRecord<byte[], byte[]> signed(Role role, SendCode order) {
        return CloudEvents.producerRecord(event(role, order), "/test");
    }
}
