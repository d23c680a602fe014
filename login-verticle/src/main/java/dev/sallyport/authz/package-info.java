/**
 * Forward-auth: whether a proxy may let a request through to a protected site, who asks, and how somebody who is signed
 * in here gets into such a site. Nothing of HTTP is in here; that is {@code authz.http}'s business.
 */
@NullMarked
package dev.sallyport.authz;

import org.jspecify.annotations.NullMarked;
