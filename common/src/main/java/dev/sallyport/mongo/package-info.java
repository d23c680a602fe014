/**
 * How documents and their events are kept in MongoDB: one write for both, the events produced once the write stands and
 * pulled once Kafka has them. The stores themselves are in their concept's {@code mongo} package.
 */
@NullMarked
package dev.sallyport.mongo;

import org.jspecify.annotations.NullMarked;
