/** Keeps sessions in MongoDB. */
@NullMarked
package dev.sallyport.session.mongo;

import org.jspecify.annotations.NullMarked;
