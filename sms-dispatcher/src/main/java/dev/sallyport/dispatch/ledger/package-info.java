/** What is known of each message's attempts, so that an order that is read twice is not sent twice. */
@NullMarked
package dev.sallyport.dispatch.ledger;

import org.jspecify.annotations.NullMarked;
