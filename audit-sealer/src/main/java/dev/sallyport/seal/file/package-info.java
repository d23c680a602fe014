/** Seals and audit records as files, for those who keep or check them without Kafka. */
@NullMarked
package dev.sallyport.seal.file;

import org.jspecify.annotations.NullMarked;
