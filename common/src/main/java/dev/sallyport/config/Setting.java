package dev.sallyport.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents one setting; the README's table is made from these. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /** What it does, in one or two sentences. */
    String value();

    /** The default, as it would be written in the environment; empty means unset. */
    String or() default "";
}
