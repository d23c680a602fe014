package dev.sallyport.deploy.embedded;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import io.netty.channel.Channel;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;

/**
 * Lets one command at a time into the H2 backend, answers with copies, and writes to the file only between commands.
 *
 * <p>The backend changes stored documents in place, while other threads still encode the same objects as answers or
 * write them to the file. Left alone, under parallel updates of one document about one {@code findAndModify} in
 * fifteen answers with a later update's values, some connections break, and a commit can save an index without its
 * document. Single use of codes rests on exact answers, hence this class.
 */
final class SerialBackend implements MongoBackend {

    private static final int TIDY_FILL_RATE = 50;
    private static final int TIDY_BYTES = 64 * 1024;

    private final IndexedBackend backend;
    private final MVStore store;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean untidy;

    SerialBackend(MVStore store) {
        this.store = store;
        this.backend = new IndexedBackend(store);
    }

    /** Hands what was changed to the operating system, so that it outlives this process. */
    void commit() {
        inTurn(() -> {
            if (store.hasUnsavedChanges()) {
                store.commit();
                untidy = true;
            }
        });
    }

    /**
     * Has the operating system put what was committed on the disk, meanwhile commands go on; then frees a part of the
     * file that is mostly dead. Does nothing while nothing was committed.
     */
    void tidy() {
        if (untidy) {
            untidy = false;
            store.sync();
            inTurn(() -> {
                store.compact(TIDY_FILL_RATE, TIDY_BYTES);
                store.commit();
            });
        }
    }

    /** Writes everything down and closes the file. */
    @Override
    public void close() {
        inTurn(backend::close);
    }

    /** Answers {@code hello}, which the library does not know, so that the platform can tell this server from others. */
    @Override
    public Document handleMessage(MongoMessage message) {
        if (message.getDocument().containsKey("hello")) {
            return new Document("isWritablePrimary", true)
                    .append("sallyport", "embedded")
                    .append("ok", 1.0);
        }
        return answerInTurn(() -> backend.handleMessage(message).cloneDeeply());
    }

    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
        return answerInTurn(
                () -> backend.handleCommand(channel, database, command, query).cloneDeeply());
    }

    @Override
    public QueryResult handleQuery(MongoQuery query) {
        return answerInTurn(() -> {
            QueryResult result = backend.handleQuery(query);
            List<Document> copies = result.collectDocuments().stream()
                    .map(Document::cloneDeeply)
                    .toList();
            return new QueryResult(copies, result.getCursorId());
        });
    }

    @Override
    public void handleClose(Channel channel) {
        inTurn(() -> backend.handleClose(channel));
    }

    @Override
    public void dropDatabase(String database) {
        inTurn(() -> backend.dropDatabase(database));
    }

    @Override
    public void closeCursors(List<Long> cursorIds) {
        inTurn(() -> backend.closeCursors(cursorIds));
    }

    @Override
    public Collection<Document> getCurrentOperations(MongoQuery query) {
        return answerInTurn(() -> backend.getCurrentOperations(query));
    }

    @Override
    public Document getServerStatus() {
        return answerInTurn(backend::getServerStatus);
    }

    @Override
    public MongoDatabase resolveDatabase(String database) {
        return answerInTurn(() -> backend.resolveDatabase(database));
    }

    @Override
    public Clock getClock() {
        return backend.getClock();
    }

    @Override
    public void enableOplog() {
        throw new UnsupportedOperationException("an oplog keeps live documents");
    }

    @Override
    public void disableOplog() {
        backend.disableOplog();
    }

    @Override
    public MongoBackend version(MongoVersion version) {
        backend.version(version);
        return this;
    }

    private void inTurn(Runnable step) {
        turn.lock();
        try {
            step.run();
        } finally {
            turn.unlock();
        }
    }

    private <T> T answerInTurn(Supplier<T> step) {
        turn.lock();
        try {
            return step.get();
        } finally {
            turn.unlock();
        }
    }
}
