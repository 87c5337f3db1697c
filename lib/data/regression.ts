/**
 * The two toy sets of week 1, drawn from a seeded generator.
 *
 * @module
 */
import { checkBetween, checkNumbers, checkOptions, checkWhole, shown } from "../checks.ts";
import { normals, type Random, uniforms } from "../random.ts";

/** Points of a function with Gaussian noise, and what they were drawn from. */
export interface RegressionSet {
  /** The inputs, N. */
  readonly x: Float64Array;
  /** The noisy targets, N. */
  readonly y: Float64Array;
  /** The function without noise. */
  readonly truth: (x: number) => number;
  /** Standard deviation of the noise, in units of y. */
  readonly sigma: number;
}

/** Where the inputs lie and how noisy the targets are. */
export interface RegressionSetOptions {
  /** N, how many points there are; with several intervals they are shared out in turn. */
  points?: number;
  /** Standard deviation of the noise. */
  sigma?: number;
  /** The intervals on which the inputs are uniform. */
  intervals?: readonly (readonly [low: number, high: number])[];
}

/**
 * y = −0.3 + 0.5 x + noise.
 *
 * @throws {TypeError | RangeError} where an option is out of range.
 * @example
 * ```ts
 * import { seeded } from "../random.ts";
 * import { lineSet } from "./regression.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { x, y, truth } = lineSet(seeded(0), { points: 3, sigma: 0 });
 * assertEquals([...y], [...x].map(truth));
 * ```
 */
export function lineSet(
  random: Random,
  options: RegressionSetOptions = {},
): RegressionSet {
  return draw(random, (x) => -0.3 + 0.5 * x, { intervals: [[0, 2]], ...options });
}

/**
 * y = x + sin 2πx + noise.
 *
 * @throws {TypeError | RangeError} as `lineSet()`.
 */
export function sineSet(
  random: Random,
  options: RegressionSetOptions = {},
): RegressionSet {
  return draw(random, (x) => x + Math.sin(2 * Math.PI * x), { intervals: [[0, 1]], ...options });
}

function draw(
  random: Random,
  truth: (x: number) => number,
  options: RegressionSetOptions & Pick<Required<RegressionSetOptions>, "intervals">,
): RegressionSet {
  const { points = 25, sigma = 0.2, intervals } = checkOptions("The set", options, [
    "points",
    "sigma",
    "intervals",
  ]);
  checkWhole("points", points, { least: 1 });
  checkBetween("sigma", sigma, { low: 0, high: Infinity, open: ["high"] });
  if (!Array.isArray(intervals) || intervals.length === 0) {
    throw new TypeError(`intervals are an array of [low, high], got ${shown(intervals)}`);
  }
  intervals.forEach((ends, i) => checkNumbers(`intervals[${i}]`, ends, { length: 2 }));
  for (const [low, high] of intervals) {
    if (!(low < high && Number.isFinite(high - low))) {
      throw new RangeError(
        `An interval runs from a finite low to a higher high, got [${low}, ${high}]`,
      );
    }
  }
  const noise = normals(random, points, { deviation: sigma });
  const x = uniforms(random, points).map((u, i) => {
    const [low, high] = intervals[i % intervals.length];
    return low + (high - low) * u;
  });
  return { x, y: x.map((xi, i) => truth(xi) + noise[i]), truth, sigma };
}
