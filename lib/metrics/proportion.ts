/**
 * Confidence intervals of proportions: of an accuracy, of a share.
 *
 * @module
 */
import { deviations95, type Interval } from "./interval.ts";

/** How many of how many independent trials succeeded. */
export interface Count {
  /** How often it happened. */
  readonly successes: number;
  /** How often it could have happened. */
  readonly trials: number;
}

/** The count behind a share of `trials`, as an accuracy is one. */
export function countOf(share: number, trials: number): Count {
  return { successes: Math.round(share * trials), trials };
}

/**
 * A proportion with Wilson's interval, 95%.
 *
 * E. B. Wilson, Journal of the American Statistical Association 22, 209 (1927).
 *
 * @throws {RangeError} where the counts are not whole numbers with 0 ≤ successes ≤ trials, trials ≥ 1.
 * @example
 * ```ts
 * import { wilsonInterval } from "./proportion.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { low, high } = wilsonInterval({ successes: 10, trials: 10 }); // ten of ten is no proof of always
 * assertAlmostEquals(low, 0.7225, 1e-4);
 * assertAlmostEquals(high, 1);
 * ```
 */
export function wilsonInterval({ successes, trials }: Count): Interval {
  if (
    !(Number.isInteger(successes) && Number.isInteger(trials) && trials >= 1) ||
    successes < 0 || successes > trials
  ) {
    throw new RangeError(
      `A proportion needs whole numbers 0 ≤ successes ≤ trials, got ${successes} of ${trials}`,
    );
  }
  const p = successes / trials, z2 = deviations95 ** 2 / trials;
  const middle = (p + z2 / 2) / (1 + z2);
  const half = Math.sqrt(z2 * (p * (1 - p) + z2 / 4)) / (1 + z2);
  return { estimate: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * The proportion of `first` less that of `second`, with Newcombe's interval, 95%, for counts that are independent of
 * each other; where both are of the same trials it is wider than need be.
 *
 * R. G. Newcombe, Statistics in Medicine 17, 873 (1998), method 10.
 *
 * @throws {RangeError} where a count cannot be.
 */
export function proportionDifference(first: Count, second: Count): Interval {
  const a = wilsonInterval(first), b = wilsonInterval(second);
  const estimate = a.estimate - b.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(a.estimate - a.low, b.high - b.estimate),
    high: estimate + Math.hypot(a.high - a.estimate, b.estimate - b.low),
  };
}
