/** The seals over the audit stream: a signed checkpoint over some records of a partition, chained to the one before it. */
@NullMarked
package dev.sallyport.seal;

import org.jspecify.annotations.NullMarked;
