/** Reads {@code sallyport.sms.outcome} for the web roles: once for the store, and at each node for who waits there. */
@NullMarked
package dev.sallyport.sms.news.kafka;

import org.jspecify.annotations.NullMarked;
