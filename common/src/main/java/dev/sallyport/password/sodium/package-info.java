/**
 * Password work on worker threads: Argon2id by libsodium, bcrypt for imported hashes, and reads of breached lists. Owns
 * the native library, the pool and its limit. Rules and decisions about accounts stay out.
 */
@NullMarked
package dev.sallyport.password.sodium;

import org.jspecify.annotations.NullMarked;
