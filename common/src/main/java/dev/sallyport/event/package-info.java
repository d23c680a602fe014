/**
 * Events on their way to Kafka: the finished record and the port that produces it. What an event says is decided in
 * {@code audit} and {@code sms}; how it survives a crash is decided in {@code mongo}.
 */
@NullMarked
package dev.sallyport.event;

import org.jspecify.annotations.NullMarked;
