/**
 * The doors: signing in with a password, the second factor, signing out. {@code LoginRoutes} translates, {@code
 * LoginFlow} decides which door is next; nothing of HTTP is in a flow.
 */
@NullMarked
package dev.sallyport.login;

import org.jspecify.annotations.NullMarked;
