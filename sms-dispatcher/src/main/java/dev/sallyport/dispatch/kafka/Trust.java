package dev.sallyport.dispatch.kafka;

import dev.sallyport.crypto.EventVerifier;

/**
 * Whom a dispatcher believes.
 *
 * @param verifier checks what web roles order, and which codes they have accepted
 * @param own checks what dispatchers write for one another
 */
public record Trust(EventVerifier verifier, OwnRecords own) {}
