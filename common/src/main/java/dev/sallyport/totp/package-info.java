/**
 * Authenticator apps: their secret, the codes they show (RFC 6238) and the address that a QR code carries to them. That
 * a step counts once is the store's doing; encryption of the secret and pictures stay out as well.
 */
@NullMarked
package dev.sallyport.totp;

import org.jspecify.annotations.NullMarked;
