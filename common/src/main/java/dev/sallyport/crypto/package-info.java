/**
 * Every key of the platform: the files that hold them, who may hold which, their rotation, and one small class for each
 * use. Only this package sees Tink. Formats of events, documents and pages stay out; so does the decision when to
 * reread or rotate.
 */
@NullMarked
package dev.sallyport.crypto;

import org.jspecify.annotations.NullMarked;
