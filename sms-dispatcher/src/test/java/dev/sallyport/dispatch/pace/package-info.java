/** Tests of the package of the same name. */
@NullMarked
package dev.sallyport.dispatch.pace;

import org.jspecify.annotations.NullMarked;
