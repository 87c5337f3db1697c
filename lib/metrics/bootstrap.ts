/**
 * Bootstrap intervals of any statistic of several samples, by images or by blocks of neighbouring images.
 *
 * @module
 */
import { checkBetween, checkNumbers, checkWhole } from "../checks.ts";
import { checkRandom, type Random } from "../random.ts";
import type { Interval } from "./interval.ts";
import { quantile } from "./quantile.ts";

/** A statistic on the samples as they are, and on each resample of them. */
export interface Bootstrapped {
  /** The estimate from the whole sample. */
  readonly estimate: number;
  /** The statistic of each resample. */
  readonly draws: Float64Array;
}

/** How many images a sample has, and how many neighbours are drawn together: 1 for independent images. */
export interface Sample {
  /** How many items the sample has. */
  readonly count: number;
  /** How many successive items belong together, 1 if not given. */
  readonly block?: number;
}

/**
 * Draws all samples anew, with replacement, `replicates` times, and computes the statistics of each. `statistics` gets,
 * for each sample, how often each of its images was drawn, so that statistics of one call are paired: their
 * differences are over the same resamples.
 *
 * @throws {RangeError} where a sample is empty, a block is longer than its sample, or there is no replicate.
 * @example
 * ```ts
 * import { bootstrap, interval } from "./bootstrap.ts";
 * import { seeded } from "../random.ts";
 * import { assert } from "@std/assert";
 *
 * const heads = [1, 0, 1, 1, 0, 1, 0, 1, 1, 0];
 * const { share } = bootstrap({ heads: { count: 10 } }, (weights) => ({
 *   share: heads.reduce((sum, head, i) => sum + head * weights.heads[i], 0) / 10,
 * }), { random: seeded(1) });
 * const { estimate, low, high } = interval(share);
 * assert(estimate === 0.6 && low < 0.5 && high > 0.7);
 * ```
 */
export function bootstrap<Name extends string, Key extends string>(
  samples: Readonly<Record<Name, Sample>>,
  statistics: (weights: Record<Name, Float64Array>) => Record<Key, number>,
  { random, replicates = 1000 }: { random: Random; replicates?: number },
): Record<Key, Bootstrapped> {
  checkRandom("bootstrap()", random);
  checkWhole("replicates", replicates, { least: 1 });
  const names = Object.keys(samples) as Name[];
  for (const name of names) checkWhole(`The count of ${name}`, samples[name].count, { least: 1 });
  const weights = (draw: (sample: Sample) => Float64Array) =>
    Object.fromEntries(names.map((name) => [name, draw(samples[name])])) as Record<
      Name,
      Float64Array
    >;
  const estimates = statistics(weights(({ count }) => new Float64Array(count).fill(1)));
  const keys = Object.keys(estimates) as Key[];
  const draws = keys.map(() => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const values = statistics(weights((sample) => resample(sample, random)));
    keys.forEach((key, k) => draws[k][replicate] = values[key]);
  }
  return Object.fromEntries(
    keys.map((key, k) => [key, { estimate: estimates[key], draws: draws[k] }]),
  ) as Record<Key, Bootstrapped>;
}

/**
 * How often each of `count` images is drawn in a resample of as many: one by one, or `block` neighbours at a time, where
 * the last image's neighbour is the first (circular block bootstrap) and the last block is cut to size.
 *
 * Source: Politis and Romano, "A circular block-resampling procedure for stationary data" (1992).
 */
export function resample({ count, block = 1 }: Sample, random: Random): Float64Array {
  checkWhole("A block of neighbours of the sample", block, { least: 1, most: count });
  const weights = new Float64Array(count);
  for (let drawn = 0; drawn < count; drawn += block) {
    const start = random.integer(count), size = Math.min(block, count - drawn);
    for (let k = start; k < start + size; k++) weights[k < count ? k : k - count]++;
  }
  return weights;
}

/**
 * The percentile interval that holds `level` of the draws.
 *
 * @throws {RangeError} where there is no draw, one is not finite, or `level` is not in (0, 1).
 */
export function interval(
  { estimate, draws }: Bootstrapped,
  { level = 0.95 }: { level?: number } = {},
): Interval {
  checkBetween("level", level, { low: 0, high: 1, open: ["low", "high"] });
  if (draws.length === 0) throw new RangeError("An interval needs at least one draw");
  checkNumbers("draws", draws);
  const tail = (1 - level) / 2;
  return { estimate, low: quantile(draws, tail), high: quantile(draws, 1 - tail) };
}

/** `first` − `second`, of statistics from one `bootstrap` call. */
export function difference(first: Bootstrapped, second: Bootstrapped): Bootstrapped {
  return {
    estimate: first.estimate - second.estimate,
    draws: first.draws.map((draw, i) => draw - second.draws[i]),
  };
}
