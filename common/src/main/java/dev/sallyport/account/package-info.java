/**
 * Accounts: the records of people, and the names that they sign in with. Passwords and factors have packages of their
 * own; pages, sessions and drivers stay out.
 */
@NullMarked
package dev.sallyport.account;

import org.jspecify.annotations.NullMarked;
