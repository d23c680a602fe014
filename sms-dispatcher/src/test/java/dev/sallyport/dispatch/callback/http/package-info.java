/** Tests of the endpoint over real HTTP. */
@NullMarked
package dev.sallyport.dispatch.callback.http;

import org.jspecify.annotations.NullMarked;
