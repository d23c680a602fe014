/**
 * News for the person who waits for a code: what is known of the newest message of a challenge, what that means at a
 * given time, and who hears of it right now. What pages say of it is decided in {@code web}.
 */
@NullMarked
package dev.sallyport.sms.news;

import org.jspecify.annotations.NullMarked;
