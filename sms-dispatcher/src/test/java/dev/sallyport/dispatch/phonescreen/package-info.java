/** Tests of the phone screen. */
@NullMarked
package dev.sallyport.dispatch.phonescreen;

import org.jspecify.annotations.NullMarked;
