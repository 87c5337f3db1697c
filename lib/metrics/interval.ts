/**
 * Estimates with a confidence interval.
 *
 * @module
 */

/** An estimate and its confidence interval. */
export interface Interval {
  /** The estimate. */
  readonly estimate: number;
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** How many standard deviations hold 95% of a Gaussian. */
export const deviations95 = 1.959963984540054;
