/** A person's record: the user name, the password's hash, the factors, and the port that keeps them. No HTTP here. */
@NullMarked
package dev.sallyport.account;

import org.jspecify.annotations.NullMarked;
