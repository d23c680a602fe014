/**
 * Calls to a provider's HTTP API, for every provider that has one: each made once, bounded in time and size, its failures
 * told apart. What a provider's answers mean stays with that provider.
 */
@NullMarked
package dev.sallyport.dispatch.http;

import org.jspecify.annotations.NullMarked;
