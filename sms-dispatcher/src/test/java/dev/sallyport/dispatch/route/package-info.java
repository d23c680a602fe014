/** Tests of the routes between provider instances. */
@NullMarked
package dev.sallyport.dispatch.route;

import org.jspecify.annotations.NullMarked;
