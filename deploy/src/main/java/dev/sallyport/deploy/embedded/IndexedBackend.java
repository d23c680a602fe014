package dev.sallyport.deploy.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import org.h2.mvstore.MVStore;

/**
 * The H2 backend, with unique indexes that also serve queries for more than their keys. The library's own serve only
 * queries for exactly their keys and leave all others to a walk through the whole collection, and nearly every write of
 * ours asks for more: for an {@code _id} in a certain version, or for one that is still open. What an index finds is
 * compared with the whole query afterwards.
 */
final class IndexedBackend extends H2Backend {

    IndexedBackend(MVStore store) {
        super(store);
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return new IndexedDatabase(name, getMvStore(), getCursorRegistry());
    }

    private static final class IndexedDatabase extends H2Database {

        IndexedDatabase(String name, MVStore store, CursorRegistry cursors) {
            super(name, store, cursors);
        }

        @Override
        protected Index<Object> openOrCreateUniqueIndex(
                String collection, String name, List<IndexKey> keys, boolean sparse) {
            return new HelpfulIndex(super.openOrCreateUniqueIndex(collection, name, keys, sparse), keys, sparse);
        }
    }

    private static final class HelpfulIndex extends Index<Object> {

        private final Index<Object> index;

        HelpfulIndex(Index<Object> index, List<IndexKey> keys, boolean sparse) {
            super(index.getName(), keys, sparse);
            this.index = index;
        }

        @Override
        public boolean canHandle(Document query) {
            return index.canHandle(keysOf(query));
        }

        @Override
        public Iterable<Object> getPositions(Document query) {
            return index.getPositions(keysOf(query));
        }

        /** The part of a query that is about the index's keys; the rest can only narrow down what it finds. */
        private Document keysOf(Document query) {
            Document part = new Document();
            for (String key : keys()) {
                if (query.containsKey(key)) {
                    part.put(key, query.get(key));
                }
            }
            return part;
        }

        @Override
        public Object getPosition(Document document) {
            return index.getPosition(document);
        }

        @Override
        public void checkAdd(Document document, MongoCollection<Object> collection) {
            index.checkAdd(document, collection);
        }

        @Override
        public void add(Document document, Object position, MongoCollection<Object> collection) {
            index.add(document, position, collection);
        }

        @Override
        public Object remove(Document document) {
            return index.remove(document);
        }

        @Override
        public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
            index.checkUpdate(before, after, collection);
        }

        @Override
        public void updateInPlace(
                Document before, Document after, Object position, MongoCollection<Object> collection) {
            index.updateInPlace(before, after, position, collection);
        }

        @Override
        public long getCount() {
            return index.getCount();
        }

        @Override
        public long getDataSize() {
            return index.getDataSize();
        }

        @Override
        public boolean isUnique() {
            return index.isUnique();
        }

        @Override
        public void drop() {
            index.drop();
        }
    }
}
