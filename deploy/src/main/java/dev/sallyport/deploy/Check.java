package dev.sallyport.deploy;

import java.util.function.BooleanSupplier;

/**
 * One question of readiness: would an operation of this part work now?
 *
 * @param works asked on a Vert.x virtual thread; may wait a few seconds
 */
record Check(String part, BooleanSupplier works) {}
