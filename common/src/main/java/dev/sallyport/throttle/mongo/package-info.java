/** Keeps throttles in MongoDB. */
@NullMarked
package dev.sallyport.throttle.mongo;

import org.jspecify.annotations.NullMarked;
