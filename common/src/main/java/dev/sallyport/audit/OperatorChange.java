package dev.sallyport.audit;

import java.time.Instant;

/**
 * That an operator changes by a command what holds for everybody.
 *
 * @param id unique; consumers count each id once
 * @param time when, in whole milliseconds
 * @param user who, as the operating system names the one who runs the command
 * @param by who, in that one's own words
 * @param host on which machine
 * @param command which command, without the program's name
 * @param what names what is changed; changes of one thing keep their order
 * @param from what was in force, in words
 * @param to what is to be in force from now on
 */
public record OperatorChange(
        String id,
        Instant time,
        String user,
        String by,
        String host,
        String command,
        String what,
        String from,
        String to) {}
