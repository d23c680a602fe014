/**
 * The web toolkit: what every browser-facing role shares and no flow may see. Pages and assets live here; routes and
 * decisions do not.
 */
@NullMarked
package dev.sallyport.web;

import org.jspecify.annotations.NullMarked;
