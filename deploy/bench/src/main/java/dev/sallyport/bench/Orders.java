package dev.sallyport.bench;

import dev.sallyport.Role;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.OrderMaker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Orders for text messages as the login role makes them, each for a phone of its own. */
final class Orders {

    /** Of which every number that ends in 267 and four digits is a mobile phone's. */
    private static final int[] AREAS = {
        212, 213, 310, 312, 404, 415, 503, 602, 617, 702, 703, 713, 718, 719, 720, 801, 804, 805, 808, 812
    };

    private static final int NUMBERS_OF_AREA = 10_000;

    private final OrderMaker maker;
    private final AtomicInteger made = new AtomicInteger();

    /** @param keys with the keys of all roles */
    Orders(Path keys) {
        maker = new OrderMaker(Keyring.open(keys, EnumSet.allOf(Role.class)), Clock.systemUTC());
    }

    /** Orders of this moment, which are worth sending for a minute. */
    List<ProducerRecord<byte[], byte[]>> make(int count) {
        return make(count, Instant.now());
    }

    /** Orders of a moment. */
    List<ProducerRecord<byte[], byte[]>> make(int count, Instant at) {
        return IntStream.range(0, count).parallel().mapToObj(i -> order(at)).toList();
    }

    /** The phone of the order that was made after so many others. */
    static String phone(int number) {
        int area = AREAS[number / NUMBERS_OF_AREA % AREAS.length];
        return "+1%d267%04d".formatted(area, number % NUMBERS_OF_AREA);
    }

    private ProducerRecord<byte[], byte[]> order(Instant at) {
        int number = made.getAndIncrement();
        return maker.signed(Role.LOGIN, maker.order(phone(number), "%06d".formatted(number % 1_000_000), at));
    }
}
