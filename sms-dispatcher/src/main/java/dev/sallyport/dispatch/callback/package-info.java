/**
 * What providers report of messages that they have taken: how a report is read, and what is told of it. Over which way
 * a report comes in, and where it is kept, is decided in the sub-packages; what it means for a message, by the
 * dispatcher.
 */
@NullMarked
package dev.sallyport.dispatch.callback;

import org.jspecify.annotations.NullMarked;
