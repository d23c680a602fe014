/** What every package may use and nothing else fits: the base of expected failures. No domain words here. */
@NullMarked
package dev.sallyport;

import org.jspecify.annotations.NullMarked;
