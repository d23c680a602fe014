/** Keeps accounts in MongoDB. */
@NullMarked
package dev.sallyport.account.mongo;

import org.jspecify.annotations.NullMarked;
