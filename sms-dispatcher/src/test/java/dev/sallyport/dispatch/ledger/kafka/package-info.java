@NullMarked
package dev.sallyport.dispatch.ledger.kafka;

import org.jspecify.annotations.NullMarked;
