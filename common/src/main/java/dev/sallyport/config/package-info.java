/**
 * The configuration: one typed tree, read once at the start from {@code sallyport.yaml} and the environment. What may
 * be set is written in {@link dev.sallyport.config.SallyportConfig} and nowhere else; no other package reads the
 * environment.
 */
@NullMarked
package dev.sallyport.config;

import org.jspecify.annotations.NullMarked;
