/**
 * Text messages: what they say and whether it fits. Providers, events and the codes themselves have packages of their
 * own.
 */
@NullMarked
package dev.sallyport.sms;

import org.jspecify.annotations.NullMarked;
