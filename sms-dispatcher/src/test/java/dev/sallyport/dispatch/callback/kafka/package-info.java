/** Tests of reports as records. */
@NullMarked
package dev.sallyport.dispatch.callback.kafka;

import org.jspecify.annotations.NullMarked;
