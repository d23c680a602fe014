/** Events to and from Kafka: CloudEvents in binary mode, the producers, and the topics' definitions. */
@NullMarked
package dev.sallyport.event.kafka;

import org.jspecify.annotations.NullMarked;
