/** The events of text messages as records: orders and accepted codes, signed by web roles, and outcomes. */
@NullMarked
package dev.sallyport.sms.kafka;

import org.jspecify.annotations.NullMarked;
