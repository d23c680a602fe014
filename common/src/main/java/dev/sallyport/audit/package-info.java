/**
 * What the audit stream says: the types of events, their facts, and who they are about. Nothing secret is ever a fact:
 * no code, no password, no key, no full phone number. How an event is written as JSON is {@code audit.ocsf}'s business.
 */
@NullMarked
package dev.sallyport.audit;

import org.jspecify.annotations.NullMarked;
