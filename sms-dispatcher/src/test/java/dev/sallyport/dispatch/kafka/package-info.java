/** Tests of the package of the same name. */
@NullMarked
package dev.sallyport.dispatch.kafka;

import org.jspecify.annotations.NullMarked;
