/** The product's dispatcher on a bench, beside its own wiring. */
@NullMarked
package dev.sallyport.deploy;

import org.jspecify.annotations.NullMarked;
