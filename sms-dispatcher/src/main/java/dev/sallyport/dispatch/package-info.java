/**
 * Sending text messages: the {@link dev.sallyport.dispatch.SmsProvider} port, what it is given and what can come of it.
 * A provider's own words, codes and client stay in its sub-package; retries, limits and deadlines are decided by the
 * caller of the port, never behind it.
 */
@NullMarked
package dev.sallyport.dispatch;

import org.jspecify.annotations.NullMarked;
