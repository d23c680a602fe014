/**
 * Phones for trying out: texts land in memory, where a page can show them. No HTTP here, and no place in production: who
 * starts the platform must refuse it where others could look.
 */
@NullMarked
package dev.sallyport.dispatch.phonescreen;

import org.jspecify.annotations.NullMarked;
