/**
 * How well numbers agree with what half precision kept of them.
 *
 * @module
 */
import { type Matrix, shape } from "../linear_algebra/mod.ts";

/** Half the distance of neighbouring half-precision numbers, relative to a normal number, and of the subnormal ones. */
const RELATIVE = 2 ** -11, SUBNORMAL = 2 ** -25;

/**
 * By how much `computed` is farther from `stored` than rounding to half precision explains, at most; 0 where it is
 * nowhere. Sums in another order on another processor explain some 10⁻⁵ more.
 *
 * @throws {RangeError} where the shapes differ.
 * @example
 * ```ts
 * import { excessOverHalfPrecision } from "./half_precision.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const stored = matrix([[Math.f16round(0.1)]]);
 * assertEquals(excessOverHalfPrecision(matrix([[0.1]]), stored), 0);
 * assert(excessOverHalfPrecision(matrix([[0.11]]), stored) > 0.009);
 * ```
 */
export function excessOverHalfPrecision(computed: Matrix, stored: Matrix): number {
  if (computed.rows !== stored.rows || computed.columns !== stored.columns) {
    throw new RangeError(`Cannot compare ${shape(computed)} with ${shape(stored)}`);
  }
  return computed.data.reduce((most, value, k) => {
    const rounding = Math.max(RELATIVE * Math.abs(value), SUBNORMAL);
    return Math.max(most, Math.abs(value - stored.data[k]) - rounding);
  }, 0);
}
