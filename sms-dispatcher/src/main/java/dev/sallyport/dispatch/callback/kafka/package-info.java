/** Reports of providers as records on {@code sallyport.sms.callback}. */
@NullMarked
package dev.sallyport.dispatch.callback.kafka;

import org.jspecify.annotations.NullMarked;
