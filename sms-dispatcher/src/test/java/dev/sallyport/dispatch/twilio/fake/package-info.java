/**
 * Twilio's Messages API as documented, for tests and benches: real HTTP, Twilio's own schema, its error shape and magic
 * numbers, and the failures that a test asks for. Nothing here knows the platform.
 */
@NullMarked
package dev.sallyport.dispatch.twilio.fake;

import org.jspecify.annotations.NullMarked;
