/** The endpoint that providers report to. It checks and keeps, and decides nothing. */
@NullMarked
package dev.sallyport.dispatch.callback.http;

import org.jspecify.annotations.NullMarked;
