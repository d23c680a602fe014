/**
 * What it costs to run: ratios against a bare hash and a bare server, measured in one run on one machine. Owns the report
 * in {@code docs/benchmarks.md}; nothing of the product may need it.
 */
@NullMarked
package dev.sallyport.bench;

import org.jspecify.annotations.NullMarked;
