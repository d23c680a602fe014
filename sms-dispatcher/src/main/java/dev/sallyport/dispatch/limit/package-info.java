/**
 * What holds a text message back: {@link dev.sallyport.dispatch.limit.Limits} judges, from what this worker has sent and
 * what the others tell of theirs; {@link dev.sallyport.dispatch.limit.SwitchBoard} holds what operators have switched.
 * Knows neither Kafka nor the provider; windows go by the time of the order, so that an order that is handled again gets
 * the verdict that it had.
 */
@NullMarked
package dev.sallyport.dispatch.limit;

import org.jspecify.annotations.NullMarked;
