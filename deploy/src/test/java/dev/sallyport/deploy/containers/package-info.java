/** MongoDB and Kafka as operators run them, in containers, for the tests of their adapters; where Docker runs. */
@NullMarked
package dev.sallyport.deploy.containers;

import org.jspecify.annotations.NullMarked;
