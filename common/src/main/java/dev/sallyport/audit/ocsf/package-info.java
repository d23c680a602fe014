/** Audit events written as OCSF 1.8 JSON. The schemas of what is written here are in {@code docs/events}. */
@NullMarked
package dev.sallyport.audit.ocsf;

import org.jspecify.annotations.NullMarked;
