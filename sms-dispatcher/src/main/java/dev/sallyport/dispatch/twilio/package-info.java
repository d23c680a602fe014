/**
 * Text messages through Twilio's Messages API: the only place that names its client, its parameters and its error codes.
 * No retries and no decisions about messages here.
 */
@NullMarked
package dev.sallyport.dispatch.twilio;

import org.jspecify.annotations.NullMarked;
