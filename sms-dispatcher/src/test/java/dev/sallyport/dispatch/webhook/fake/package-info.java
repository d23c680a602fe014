/** A gateway that speaks the webhook contract over HTTP, for tests of this module and of the whole platform. */
@NullMarked
package dev.sallyport.dispatch.webhook.fake;

import org.jspecify.annotations.NullMarked;
