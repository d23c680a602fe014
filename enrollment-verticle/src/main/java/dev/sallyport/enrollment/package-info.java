/**
 * Enrolment: sign-up, binding and unbinding of factors, the account page. Signing in is the login module's; what both
 * need is in common.
 */
@NullMarked
package dev.sallyport.enrollment;

import org.jspecify.annotations.NullMarked;
