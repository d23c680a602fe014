/** The composition root and the command line: wires the roles by hand, starts them, stops them in reverse order. */
@NullMarked
package dev.sallyport.deploy;

import org.jspecify.annotations.NullMarked;
