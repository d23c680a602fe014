/** How the workers tell each other their sums, and how operators' switches reach all of them: records and their reader. */
@NullMarked
package dev.sallyport.dispatch.limit.kafka;

import org.jspecify.annotations.NullMarked;
