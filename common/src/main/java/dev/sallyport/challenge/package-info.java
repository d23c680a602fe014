/**
 * Challenges: one request to prove a second factor, from the moment that it is made until it is passed or over. The
 * state of a half-open door lives here and nowhere else; a challenge is not a session and opens nothing by itself.
 */
@NullMarked
package dev.sallyport.challenge;

import org.jspecify.annotations.NullMarked;
