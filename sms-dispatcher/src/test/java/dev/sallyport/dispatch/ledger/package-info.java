/** Tests of the package of the same name. */
@NullMarked
package dev.sallyport.dispatch.ledger;

import org.jspecify.annotations.NullMarked;
