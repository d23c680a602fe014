/** Seals what stands in Kafka: reads the audit topic, and keeps the seals in a topic of their own. */
@NullMarked
package dev.sallyport.seal.kafka;

import org.jspecify.annotations.NullMarked;
