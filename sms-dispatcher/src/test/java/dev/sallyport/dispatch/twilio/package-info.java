/** Tests of the Twilio adapter against the fake. */
@NullMarked
package dev.sallyport.dispatch.twilio;

import org.jspecify.annotations.NullMarked;
