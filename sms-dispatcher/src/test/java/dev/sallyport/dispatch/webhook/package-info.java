/** Tests of the webhook adapter, against the fake gateway and the example of one. */
@NullMarked
package dev.sallyport.dispatch.webhook;

import org.jspecify.annotations.NullMarked;
