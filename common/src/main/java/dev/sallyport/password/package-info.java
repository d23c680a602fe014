/**
 * Passwords: what a person typed, whether it may become a password, how it is kept and compared. Owns the rules, the
 * lists of breached passwords and the shapes of stored hashes. Accounts, throttling, pages and native code stay out;
 * so does waiting: everything here runs on the caller's thread.
 */
@NullMarked
package dev.sallyport.password;

import org.jspecify.annotations.NullMarked;
