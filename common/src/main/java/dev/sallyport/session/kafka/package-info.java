/** Tells every node over Kafka that sessions have ended or changed. */
@NullMarked
package dev.sallyport.session.kafka;

import org.jspecify.annotations.NullMarked;
