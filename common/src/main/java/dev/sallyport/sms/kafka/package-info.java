/** Send-code events as signed records of {@code sallyport.sms.send}, written by web roles, read by the dispatcher. */
@NullMarked
package dev.sallyport.sms.kafka;

import org.jspecify.annotations.NullMarked;
