/**
 * Which provider instance a message goes to: {@link dev.sallyport.dispatch.route.Routes} says who may, and how much of it
 * each; {@link dev.sallyport.dispatch.route.Router} draws. What a provider is, and whether one is in order, is not known
 * here.
 */
@NullMarked
package dev.sallyport.dispatch.route;

import org.jspecify.annotations.NullMarked;
