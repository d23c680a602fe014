package dev.sallyport.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Repeats a round until enough were quiet. */
final class Rounds {

    private final int wanted;
    private final boolean keepNoisy;

    /** @param keepNoisy also counts rounds in which something else used the machine; for trying out, not for figures */
    Rounds(int wanted, boolean keepNoisy) {
        this.wanted = wanted;
        this.keepNoisy = keepNoisy;
    }

    /** @throws IllegalStateException if the machine does not come to rest within four times as many rounds */
    <T> List<T> of(String what, Machine machine, Supplier<T> round) {
        List<T> quiet = new ArrayList<>();
        for (int tries = 0; quiet.size() < wanted; tries++) {
            if (tries == 4 * wanted) {
                throw new IllegalStateException(
                        "Something else keeps using this machine; stop it and run ./sallyport bench again.");
            }
            machine.begin();
            T result = round.get();
            double others = machine.others();
            boolean counts = keepNoisy || others <= Machine.MOST_OF_OTHERS;
            System.out.println(String.format(
                    Locale.ROOT,
                    "     %s: %s, others %.1f %%%s",
                    what,
                    result,
                    100 * others,
                    counts ? "" : ", thrown away"));
            if (counts) {
                quiet.add(result);
            }
        }
        return quiet;
    }
}
