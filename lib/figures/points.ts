/**
 * What a figure can draw of data of any size: their range, lines of no more points than pixels, histograms.
 *
 * @module
 */

/** A point, x before y. */
export type Point = readonly [x: number, y: number];

/**
 * The smallest and the largest of `values`; where all are equal, a range around them.
 *
 * @throws {RangeError} where there is no value, or one is not finite.
 */
export function extentOf(values: ArrayLike<number>): [low: number, high: number] {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`A figure draws finite numbers, got ${values[i]} at position ${i}`);
    }
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (low > high) throw new RangeError("A figure needs at least one number, got none");
  if (low < high) return [low, high];
  const half = low === 0 ? 1 : Math.abs(low) / 2;
  return [low - half, high + half];
}

/** The points of a line, of each run of neighbours only the first, the lowest, the highest and the last: at most `most`. */
export function thinned(points: readonly Point[], most = 4000): readonly Point[] {
  if (points.length <= most) return points;
  const run = Math.ceil(4 * points.length / most), kept: Point[] = [];
  for (let from = 0; from < points.length; from += run) {
    const to = Math.min(from + run, points.length);
    let lowest = from, highest = from;
    for (let i = from; i < to; i++) {
      if (points[i][1] < points[lowest][1]) lowest = i;
      if (points[i][1] > points[highest][1]) highest = i;
    }
    const order = [...new Set([from, lowest, highest, to - 1])].sort((i, j) => i - j);
    kept.push(...order.map((i) => points[i]));
  }
  return kept;
}

/** The share of `values` in each of `bins` bins of [low, high], at the middle of the bin; the last bin holds its end too. */
export function histogram(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  bins = 40,
): Point[] {
  const counts = new Float64Array(bins), width = (high - low) / bins;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low || values[i] > high) continue;
    counts[Math.min(bins - 1, Math.floor((values[i] - low) / width))]++;
  }
  return Array.from(counts, (count, bin) => [low + (bin + 0.5) * width, count / values.length]);
}
