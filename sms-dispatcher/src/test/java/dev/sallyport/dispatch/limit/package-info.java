@NullMarked
package dev.sallyport.dispatch.limit;

import org.jspecify.annotations.NullMarked;
