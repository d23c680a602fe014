/**
 * Phone numbers: their one form (E.164), how they are shown, and which of them may receive codes. Challenges, text
 * messages and encryption stay out; libphonenumber stays in.
 */
@NullMarked
package dev.sallyport.phone;

import org.jspecify.annotations.NullMarked;
