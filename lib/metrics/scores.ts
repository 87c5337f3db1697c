/**
 * Scores, their order and their ranks: larger is more in-distribution, infinities are allowed, and equal ones are tied.
 *
 * @module
 */
import { shown } from "../checks.ts";

/**
 * `scores`, once there are `least` of them at least and none is NaN.
 *
 * @throws {TypeError} where they are in no array, or one is not a number.
 * @throws {RangeError} where there are fewer, more or fewer than `length`, or one is NaN.
 */
export function checkScores<Scores extends ArrayLike<number>>(
  name: string,
  scores: Scores,
  { least = 1, length }: { least?: number; length?: number } = {},
): Scores {
  const isList = Array.isArray(scores) || ArrayBuffer.isView(scores) && "length" in scores;
  if (!isList) throw new TypeError(`${name} are an array of numbers, got ${shown(scores)}`);
  if (scores.length < least) {
    throw new RangeError(`${name} are ${least} at least, got ${scores.length}`);
  }
  if (length !== undefined && scores.length !== length) {
    throw new RangeError(`${name} are ${length}, one for each image, got ${scores.length}`);
  }
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    if (typeof score !== "number") {
      throw new TypeError(`${name} are numbers, and entry ${i} is ${shown(score)}`);
    }
    if (Number.isNaN(score)) throw new RangeError(`${name} are numbers, and entry ${i} is NaN`);
  }
  return scores;
}

/**
 * `correct`, once it says of each of `count` images whether its prediction is right.
 *
 * @throws {TypeError | RangeError}
 */
export function checkOutcomes(correct: ArrayLike<boolean>, count: number): ArrayLike<boolean> {
  if (!Array.isArray(correct)) {
    throw new TypeError(`correct is an array of true and false, got ${shown(correct)}`);
  }
  if (correct.length !== count) {
    throw new RangeError(
      `There is an outcome for each score: ${count} scores, ${correct.length} outcomes`,
    );
  }
  const odd = correct.findIndex((outcome) => typeof outcome !== "boolean");
  if (odd < 0) return correct;
  throw new TypeError(
    `correct has true or false for each image, and entry ${odd} is ${shown(correct[odd])}`,
  );
}

/** Bits that are sorted by at a time, and the passes over the 64 of a number. */
const DIGIT = 11, PASSES = 6;

/** The places of the scores from the least to the largest, by radix sort: a second for tens of millions. */
export function ascendingOrder(scores: ArrayLike<number>): Uint32Array {
  const N = scores.length, keys = new Float64Array(N);
  for (let i = 0; i < N; i++) keys[i] = scores[i] + 0; // −0 is 0
  const words = new Uint32Array(keys.buffer); // low and high, of which the order of the numbers is made
  for (let i = 1; i < 2 * N; i += 2) {
    const negative = words[i] >>> 31 === 1;
    words[i] ^= negative ? 0xffffffff : 0x80000000;
    if (negative) words[i - 1] ^= 0xffffffff;
  }
  let order = Uint32Array.from({ length: N }, (_, i) => i), next = new Uint32Array(N);
  const mask = (1 << DIGIT) - 1, starts = new Uint32Array(1 << DIGIT);
  for (let pass = 0; pass < PASSES; pass++) {
    const at = pass * DIGIT, low = at < 32, within = at % 32, across = low && at + DIGIT > 32;
    const digit = (i: number) =>
      (across
        ? words[2 * i] >>> at | words[2 * i + 1] << 32 - at
        : words[2 * i + (low ? 0 : 1)] >>> within) & mask;
    starts.fill(0);
    for (let i = 0; i < N; i++) starts[digit(i)]++;
    for (let d = 0, before = 0; d <= mask; d++) {
      const count = starts[d];
      starts[d] = before;
      before += count;
    }
    for (let k = 0; k < N; k++) next[starts[digit(order[k])]++] = order[k];
    [order, next] = [next, order];
  }
  return order;
}

/**
 * The rank of each score, from 1; tied scores share the mean of their ranks.
 *
 * @throws {RangeError | TypeError} where a score is NaN or no number.
 */
export function midranks(scores: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(checkScores("scores", scores, { least: 0 }));
  const ranks = new Float64Array(scores.length);
  for (let first = 0, end = 0; first < order.length; first = end) {
    while (end < order.length && scores[order[end]] === scores[order[first]]) end++;
    for (let k = first; k < end; k++) ranks[order[k]] = (first + 1 + end) / 2;
  }
  return ranks;
}

/**
 * Spearman's rank correlation: that of the mid-ranks, in [−1, 1].
 *
 * @throws {RangeError} where there are fewer than two pairs, the lengths differ, a value is NaN, or all of one are equal.
 * @example
 * ```ts
 * import { rankCorrelation } from "./scores.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(rankCorrelation([1, 2, 3], [1, 10, 100]), 1);
 * ```
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkScores("The first values", a, { least: 2 });
  checkScores("The second values", b, { length: a.length });
  const middle = (a.length + 1) / 2;
  const [x, y] = [a, b].map((values) => midranks(values).map((rank) => rank - middle));
  let xx = 0, yy = 0, xy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += x[i] * x[i];
    yy += y[i] * y[i];
    xy += x[i] * y[i];
  }
  if (xx === 0 || yy === 0) throw new RangeError("Equal values have no ranks to correlate");
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}
