/** The dispatcher's ways from and to Kafka: a plain consumer on its own thread, offsets, outcomes, dead letters. */
@NullMarked
package dev.sallyport.dispatch.kafka;

import org.jspecify.annotations.NullMarked;
