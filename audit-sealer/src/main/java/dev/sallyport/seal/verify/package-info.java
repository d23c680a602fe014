/** Checks an audit log against its seals, with nothing but public keys. */
@NullMarked
package dev.sallyport.seal.verify;

import org.jspecify.annotations.NullMarked;
