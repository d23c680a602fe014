/** The vocabulary of text messages that web roles and the dispatcher share: the order, what is sealed in it, the text. */
@NullMarked
package dev.sallyport.sms;

import org.jspecify.annotations.NullMarked;
