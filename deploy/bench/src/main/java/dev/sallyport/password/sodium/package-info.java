/** In this package only to reach the product's hash itself, without the pool around it. */
@NullMarked
package dev.sallyport.password.sodium;

import org.jspecify.annotations.NullMarked;
