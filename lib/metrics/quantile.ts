/**
 * Quantiles of more numbers than can be sorted in memory.
 *
 * @module
 */
import { checkBetween } from "../checks.ts";

/** As many numbers are sorted at once, to find one by its rank. */
const FEW = 1 << 16;

/**
 * The value below which the share `p` of the `values` lies: between the two nearest in order, by linear interpolation, as
 * NumPy has it. The values are counted where they lie, and never copied.
 *
 * @throws {RangeError} where there is no value, or `p` is not in [0, 1]; the values must not be NaN.
 * @example
 * ```ts
 * import { quantile } from "./quantile.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quantile(Float64Array.of(4, 1, 3), 0.75), 3.5);
 * ```
 */
export function quantile(values: Float64Array | Float32Array, p: number): number {
  checkBetween("p", p, { low: 0, high: 1 });
  if (values.length === 0) throw new RangeError("A quantile needs at least one value");
  const place = (values.length - 1) * p, below = Math.floor(place), share = place - below;
  const low = valueOfRank(values, below);
  return share === 0 ? low : low + share * (valueOfRank(values, below + 1) - low);
}

/**
 * The value with `rank` smaller ones, by counting its bits sixteen at a time: those of a floating-point number, its sign
 * first, are in the order of the numbers.
 */
function valueOfRank(values: Float64Array | Float32Array, rank: number): number {
  const words = new Uint16Array(values.buffer, values.byteOffset, values.byteLength / 2);
  const perValue = values.BYTES_PER_ELEMENT / 2, found: number[] = []; // the value's words, the highest first
  const fits = (at: number) => {
    for (let level = 0; level < found.length; level++) {
      if (words[at + perValue - 1 - level] !== found[level]) return false;
    }
    return true;
  };
  for (;;) {
    const counts = new Float64Array(1 << 16), level = perValue - 1 - found.length;
    for (let at = 0; at < words.length; at += perValue) if (fits(at)) counts[words[at + level]]++;
    const order = found.length === 0 ? signedOrder : found[0] < NEGATIVE ? ascending : descending;
    let step = 0;
    for (; rank >= counts[order(step)]; step++) rank -= counts[order(step)];
    found.push(order(step));
    if (found.length < perValue && counts[order(step)] > FEW) continue;
    const rest: number[] = [];
    for (let at = 0; at < words.length; at += perValue) {
      if (!fits(at)) continue;
      rest.push(values[at / perValue]);
      if (found.length === perValue) return rest[0]; // they are all the same
    }
    return Float64Array.from(rest).sort()[rank];
  }
}

/** From here on a highest word is that of a negative number. */
const NEGATIVE = 1 << 15;
/** The words in the order of the numbers that they begin, or go on in. */
const ascending = (step: number) => step;
const descending = (step: number) => 0xffff - step;
const signedOrder = (step: number) => step < NEGATIVE ? descending(step) : step - NEGATIVE;
