package dev.sallyport.dispatch;

import dev.sallyport.dispatch.ledger.Book;
import dev.sallyport.dispatch.ledger.Ledger;
import dev.sallyport.dispatch.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One partition of the ledger in memory: every worker's book reads what any worker writes, at once. */
final class MemoryLedger {

    private final List<LedgerEntry> entries = new ArrayList<>();
    private final List<Book> readers = new ArrayList<>();
    private Consumer<LedgerEntry> beforeEach = entry -> {};

    /** The ledger as one worker holds it; what stands already is read at once. */
    synchronized Ledger worker() {
        Book book = new Book();
        for (int offset = 0; offset < entries.size(); offset++) {
            book.add(offset, entries.get(offset));
        }
        readers.add(book);
        return new Ledger(0, book, (phoneKey, entry) -> write(entry), System::nanoTime);
    }

    /** Done before each entry of a worker is written. */
    synchronized void beforeEach(Consumer<LedgerEntry> action) {
        beforeEach = action;
    }

    private synchronized CompletionStage<Long> write(LedgerEntry entry) {
        beforeEach.accept(entry);
        return CompletableFuture.completedFuture(add(entry));
    }

    /** Writes as another worker does. */
    synchronized long add(LedgerEntry entry) {
        long offset = entries.size();
        entries.add(entry);
        readers.forEach(book -> book.add(offset, entry));
        return offset;
    }

    synchronized List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }
}
