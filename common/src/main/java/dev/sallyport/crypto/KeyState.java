package dev.sallyport.crypto;

import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One key of a keyset, without the key.
 *
 * @param id as in the file and in front of what the key made
 */
public record KeyState(long id, Use use) {

    /** Keys stand in a keyset in the order in which they were added, so their place tells old from new. */
    public enum Use {
        /** Makes new things. */
        PRIMARY,
        /** Added and not yet promoted: reads only. */
        WAITING,
        /** A former primary: reads only. */
        OLD,
        /** Retired: reads nothing, and can be restored. */
        RETIRED
    }

    static List<KeyState> of(KeysetHandle keys) {
        int primary = IntStream.range(0, keys.size())
                .filter(i -> keys.getAt(i).isPrimary())
                .findFirst()
                .orElseThrow();
        return IntStream.range(0, keys.size())
                .mapToObj(i -> new KeyState(
                        Integer.toUnsignedLong(keys.getAt(i).getId()),
                        use(keys.getAt(i).getStatus().equals(KeyStatus.ENABLED), i, primary)))
                .toList();
    }

    private static Use use(boolean enabled, int place, int primary) {
        if (!enabled) {
            return Use.RETIRED;
        }
        if (place == primary) {
            return Use.PRIMARY;
        }
        return place > primary ? Use.WAITING : Use.OLD;
    }

    @Override
    public String toString() {
        return id + " " + use.name().toLowerCase(Locale.ROOT);
    }
}
