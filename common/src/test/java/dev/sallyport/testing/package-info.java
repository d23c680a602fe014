/** What contract tests need beside the part that they test: time and neighbours in the test's hands, and people. */
@NullMarked
package dev.sallyport.testing;

import org.jspecify.annotations.NullMarked;
