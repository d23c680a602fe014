@NullMarked
package dev.sallyport.dispatch.limit.kafka;

import org.jspecify.annotations.NullMarked;
