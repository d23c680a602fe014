/** Measurements of the built jar: each class is a program that prints a table. Nothing here decides what is fast enough. */
@NullMarked
package dev.sallyport.bench;

import org.jspecify.annotations.NullMarked;
