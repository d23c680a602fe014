/** Keeps challenges in MongoDB. */
@NullMarked
package dev.sallyport.challenge.mongo;

import org.jspecify.annotations.NullMarked;
