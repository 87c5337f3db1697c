/**
 * The two toy sets of week 1, drawn from a seeded generator.
 *
 * @module
 */
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
  { points = 25, sigma = 0.2, intervals = [[0, 2]] }: RegressionSetOptions = {},
): RegressionSet {
  return draw((x) => -0.3 + 0.5 * x, { random, points, sigma, intervals });
}

/** y = x + sin 2πx + noise. */
export function sineSet(
  random: Random,
  { points = 25, sigma = 0.2, intervals = [[0, 1]] }: RegressionSetOptions = {},
): RegressionSet {
  return draw((x) => x + Math.sin(2 * Math.PI * x), { random, points, sigma, intervals });
}

function draw(
  truth: (x: number) => number,
  { random, points, sigma, intervals }: Required<RegressionSetOptions> & { random: Random },
): RegressionSet {
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
