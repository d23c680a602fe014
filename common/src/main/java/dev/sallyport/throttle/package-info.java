/**
 * Growing delays against guessing, kept for all nodes and over restarts. They count per pair of account and network and
 * per network, never per account alone: nobody elsewhere can turn them on the owner.
 */
@NullMarked
package dev.sallyport.throttle;

import org.jspecify.annotations.NullMarked;
