/**
 * A Kafka broker and a MongoDB-protocol store inside this JVM, on loopback, for trying Sallyport out and for tests. They
 * are reached through their sockets alone, so what runs on them runs on real servers too. No topic, collection, role or
 * configuration tree here.
 */
@NullMarked
package dev.sallyport.deploy.embedded;

import org.jspecify.annotations.NullMarked;
