/**
 * Sums and maxima in plain JavaScript.
 *
 * @module
 */

/**
 * The sum of the entries `from` to `to`, four at a time: an addition waits for the one before.
 *
 * @throws {RangeError} where there are no such entries.
 */
export function sum(a: Float64Array, from = 0, to = a.length): number {
  if (!(from >= 0 && to <= a.length)) {
    throw new RangeError(`sum() adds entries from 0 to ${a.length}, got ${from} to ${to}`);
  }
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, k = from;
  for (; k + 3 < to; k += 4) {
    s0 += a[k];
    s1 += a[k + 1];
    s2 += a[k + 2];
    s3 += a[k + 3];
  }
  for (; k < to; k++) s0 += a[k];
  return s0 + s1 + s2 + s3;
}

/** Σ a_k² of the entries `from` to `to`. */
export function sumOfSquares(a: Float64Array, from: number, to: number): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, k = from;
  for (; k + 3 < to; k += 4) {
    s0 += a[k] * a[k];
    s1 += a[k + 1] * a[k + 1];
    s2 += a[k + 2] * a[k + 2];
    s3 += a[k + 3] * a[k + 3];
  }
  for (; k < to; k++) s0 += a[k] * a[k];
  return s0 + s1 + s2 + s3;
}

/** The largest of the entries `from` to `to`; NaN where one is infinite or NaN, −∞ where there is none. */
export function maximum(a: Float64Array, from: number, to: number): number {
  let most = -Infinity, zero = 0;
  for (let k = from; k < to; k++) {
    if (a[k] > most) most = a[k];
    zero += a[k] - a[k]; // NaN, once an entry is not finite
  }
  return most + zero;
}

/** Moves the `count` largest of the entries `from` to `to` before the others, in any order: Hoare's quickselect. */
export function largestFirst(
  a: Float64Array,
  { from, to, count }: { from: number; to: number; count: number },
): void {
  const last = from + count - 1;
  for (let low = from, high = to - 1; low < high;) {
    const pivot = a[(low + high) >> 1];
    let i = low, j = high;
    while (i <= j) {
      while (a[i] > pivot) i++;
      while (a[j] < pivot) j--;
      if (i > j) break;
      const entry = a[i];
      a[i++] = a[j];
      a[j--] = entry;
    }
    if (last <= j) high = j;
    else if (last >= i) low = i;
    else return;
  }
}
