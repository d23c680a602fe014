/** How fast messages may leave: this process's share of the rate of all, and whether a provider is worth asking. */
@NullMarked
package dev.sallyport.dispatch.pace;

import org.jspecify.annotations.NullMarked;
