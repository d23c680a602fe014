/** Bringing the accounts of another application along: reading its file, judging each line, adding the good ones. */
@NullMarked
package dev.sallyport.deploy.imports;

import org.jspecify.annotations.NullMarked;
