/**
 * Forward-auth in HTTP: what each kind of proxy asks and is answered, the cookies of protected sites, and the pages by
 * which browsers get in there. Who is let through is decided in {@code authz}.
 */
@NullMarked
package dev.sallyport.authz.http;

import org.jspecify.annotations.NullMarked;
