/** Sessions: who is signed in, what they proved and when. A session exists only after every needed door is passed. */
@NullMarked
package dev.sallyport.session;

import org.jspecify.annotations.NullMarked;
