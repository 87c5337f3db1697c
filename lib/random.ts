/**
 * Randomness as an argument: seeded generators with the contract of `Math.random`, and draws from them.
 *
 * @module
 */

// @ts-types="npm:@types/d3-random@3.0.3"
import { randomNormal } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import {
  checkBetween,
  checkNumber,
  checkNumbers,
  checkOptions,
  checkWhole,
  shown,
} from "./checks.ts";

/** A source of uniform draws in [0, 1), whose state can be saved and restored. */
export interface Random {
  (): number;
  /** A uniform integer in [0, `count`), without modulo bias. */
  integer(count: number): number;
  /** The generator's whole state; `restored(state)` continues from it. */
  state(): number[];
}

type Source = ReturnType<typeof xoroshiro128plusFromState>;

function fromSource(source: Source): Random {
  const random = () => uniformFloat64(source);
  return Object.assign(random, {
    integer(count: number) {
      checkWhole("count", count, { least: 1 });
      return uniformInt(source, 0, count - 1);
    },
    state: () => [...source.getState()],
  });
}

/**
 * A generator (xoroshiro128+) that gives the same draws for the same `seed`, on every machine, and unrelated draws for
 * any other: its 128 bits of state are the first two outputs of SplitMix64 at the seed.
 *
 * Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021); Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators" (2014), for SplitMix64.
 *
 * @throws {RangeError} where `seed` is not a whole number of at most 2⁵³ − 1 in size.
 * @example
 * ```ts
 * import { seeded } from "./random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(seeded(1)(), seeded(1)());
 * ```
 */
export function seeded(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`A seed is a whole number of at most 2⁵³ − 1 in size, got ${shown(seed)}`);
  }
  return fromSource(xoroshiro128plusFromState(
    splitMix64(BigInt(seed), 2).flatMap((
      word,
    ) => [Number(word >> 32n) | 0, Number(word & 0xffffffffn) | 0]),
  ));
}

/**
 * `random`, once it is a generator; `name` is what an error calls the function that draws.
 *
 * @throws {TypeError} where it is none, or `Math.random`, which has no state to repeat.
 */
export function checkRandom(name: string, random: Random): Random {
  if (typeof random === "function" && typeof random.integer === "function") return random;
  throw new TypeError(`${name} draws: give random, such as seeded(1), got ${shown(random)}`);
}

/**
 * The first `count` outputs of SplitMix64, 64 bits each, from the state `seed`.
 *
 * @throws {TypeError | RangeError} where the seed is no BigInt, or the count no whole number.
 */
export function splitMix64(seed: bigint, count: number): bigint[] {
  if (typeof seed !== "bigint") throw new TypeError(`seed is a BigInt here, got ${shown(seed)}`);
  checkWhole("count", count);
  const bits = (value: bigint) => BigInt.asUintN(64, value);
  return Array.from({ length: count }, (_, i) => {
    let z = bits(seed + BigInt(i + 1) * 0x9e3779b97f4a7c15n);
    z = bits((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = bits((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  });
}

/**
 * The generator that continues where another one's `state()` was taken.
 *
 * @throws {TypeError | RangeError} where `state` is not four whole numbers.
 */
export function restored(state: readonly number[]): Random {
  checkNumbers("state", state, { length: 4 });
  state.forEach((word, i) =>
    checkWhole(`state[${i}]`, word, { least: -(2 ** 31), most: 2 ** 32 - 1 })
  );
  return fromSource(xoroshiro128plusFromState(state));
}

/**
 * `count` independent draws from N(`mean`, `deviation`²).
 *
 * @throws {TypeError | RangeError} where the mean is not finite, the standard deviation is negative or not finite, or the
 * count is not a whole number.
 */
export function normals(
  random: Random,
  count: number,
  options: { mean?: number; deviation?: number } = {},
): Float64Array {
  const { mean = 0, deviation = 1 } = checkOptions("normals()", options, ["mean", "deviation"]);
  checkRandom("normals()", random);
  checkWhole("count", count);
  checkNumber("mean", mean);
  checkBetween("deviation", deviation, { low: 0, high: Infinity, open: ["high"] });
  const draw = randomNormal.source(random)(mean, deviation);
  return Float64Array.from({ length: count }, draw);
}

/**
 * `count` independent draws from the uniform distribution on [`low`, `high`).
 *
 * @throws {TypeError | RangeError} where an end is not a finite number, or the count is not a whole number.
 */
export function uniforms(random: Random, count: number, low = 0, high = 1): Float64Array {
  checkRandom("uniforms()", random);
  checkWhole("count", count);
  checkNumber("low", low);
  checkNumber("high", high);
  return Float64Array.from({ length: count }, () => low + (high - low) * random());
}

/**
 * The numbers 0 … `count` − 1 in random order (Fisher–Yates).
 *
 * @throws {TypeError | RangeError} where the count is not a whole number.
 */
export function permutation(random: Random, count: number): Int32Array {
  checkRandom("permutation()", random);
  checkWhole("count", count);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
