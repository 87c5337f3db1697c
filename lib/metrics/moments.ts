/**
 * Mean and deviation of measurements, and the interval of a mean.
 *
 * @module
 */
import type { Interval } from "./interval.ts";

/** The mean; @throws {RangeError} of nothing, or of a value that is not finite. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  if (values.length > 0 && Number.isFinite(sum)) return sum / values.length;
  throw new RangeError(
    values.length === 0
      ? "The mean of no values is not defined"
      : "The mean needs finite values: look where they were computed",
  );
}

/** The standard deviation with N − 1 in its denominator; @throws {RangeError} of fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) {
    throw new RangeError(`A deviation needs at least two values, got ${values.length}`);
  }
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - middle) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * The mean with Student's interval, of 95% for all of `comparisons` intervals together (Bonferroni's correction).
 *
 * @throws {RangeError} of fewer than two values.
 * @example
 * ```ts
 * import { meanInterval } from "./moments.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { low, high } = meanInterval([1, 2, 3, 4, 5]);
 * assertAlmostEquals((high - low) / 2, 2.776445 * Math.sqrt(2.5 / 5), 1e-5);
 * ```
 */
export function meanInterval(
  values: ArrayLike<number>,
  { comparisons = 1 }: { comparisons?: number } = {},
): Interval {
  const estimate = mean(values), error = standardDeviation(values) / Math.sqrt(values.length);
  const half = error * studentQuantile(1 - 0.025 / comparisons, values.length - 1);
  return { estimate, low: estimate - half, high: estimate + half };
}

/**
 * The quantile of Student's distribution with a whole number of degrees of freedom, by bisection of its distribution function.
 *
 * Source: Abramowitz and Stegun, 26.7.3 and 26.7.4.
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1) || !Number.isInteger(degrees) || degrees < 1) {
    throw new RangeError(
      `Student's quantile needs a probability between 0 and 1 and whole degrees of freedom, got ${probability} and ${degrees}`,
    );
  }
  // θ = atan(t / √ν) runs over (−π/2, π/2).
  let low = -Math.PI / 2, high = Math.PI / 2;
  for (let i = 0; i < 60; i++) {
    const theta = (low + high) / 2;
    if ((1 + studentShare(theta, degrees)) / 2 < probability) low = theta;
    else high = theta;
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2);
}

/** The share of Student's distribution within ±√ν tan θ, negative for a negative θ. */
function studentShare(theta: number, degrees: number): number {
  const square = Math.cos(theta) ** 2, odd = degrees % 2;
  let term = 1, sum = degrees > 1 ? 1 : 0;
  for (let k = 2 + odd; k < degrees; k += 2) sum += term *= square * (k - 1) / k;
  if (!odd) return Math.sin(theta) * sum;
  return 2 / Math.PI * (theta + Math.sin(theta) * Math.cos(theta) * sum);
}
