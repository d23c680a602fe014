/**
 * Text messages through any gateway that speaks the contract in {@code docs/sms-webhook.md}: the only place that knows its
 * JSON and its signatures. No retries and no decisions about messages here.
 */
@NullMarked
package dev.sallyport.dispatch.webhook;

import org.jspecify.annotations.NullMarked;
