/** The ledger in Kafka: entries as records, and the reading of them. */
@NullMarked
package dev.sallyport.dispatch.ledger.kafka;

import org.jspecify.annotations.NullMarked;
