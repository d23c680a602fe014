/** The contract that every provider keeps, and tests of the port's vocabulary. */
@NullMarked
package dev.sallyport.dispatch;

import org.jspecify.annotations.NullMarked;
