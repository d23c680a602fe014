/** The contracts of the stores and of the publisher, on the embedded servers and, where Docker runs, on real ones. */
@NullMarked
package dev.sallyport.deploy.stores;

import org.jspecify.annotations.NullMarked;
