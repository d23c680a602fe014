/**
 * The codes that people copy from a phone into the one box of the second door. Challenges, text messages, apps and
 * everything that judges a code stay out.
 */
@NullMarked
package dev.sallyport.code;

import org.jspecify.annotations.NullMarked;
