/**
 * Isotonic calibration: one rising function that all probabilities go through.
 *
 * @module
 */
import { float64Rows, type FloatMatrix, type Matrix, row } from "../../linear_algebra/mod.ts";
import { bothClasses, type Calibrator, checkValidation, type Validation } from "./calibrator.ts";
import { probabilitiesOf } from "./predictive.ts";

/** g(softmax(logits)), divided by its sum, with one rising function g for all classes. */
export class IsotonicCalibration implements Calibrator {
  private constructor(
    /** Where g has its knots, rising, and its values there; between them it is linear, beyond them constant. */
    readonly knots: { readonly p: Float64Array; readonly g: Float64Array },
  ) {
    Object.freeze(this);
  }

  /**
   * g is the rising function of least squared distance from whether each class is the label, over the probabilities of
   * all points and classes together, so that it needs few points a class.
   *
   * @throws {TypeError | RangeError} where logits or labels are none.
   * Source: Zadrozny and Elkan (KDD 2002); of all classes together, Zhang, Kailkhura and Han, "Mix-n-Match" (ICML 2020).
   */
  static fit(validation: Validation): IsotonicCalibration {
    const { logits, labels } = checkValidation(validation);
    const p = probabilitiesOf(float64Rows(logits, 0, Infinity));
    const ofLabels = Float64Array.from({ length: p.rows }, (_, n) => row(p, n)[labels[n]]).sort();
    return new IsotonicCalibration(poolAdjacentViolators(p.data.slice().sort(), ofLabels));
  }

  /** Calibrated class probabilities, N × C, of logits. */
  calibrate(logits: FloatMatrix): Matrix {
    const p = probabilitiesOf(float64Rows(bothClasses(logits), 0, Infinity));
    for (let n = 0; n < p.rows; n++) {
      const before = row(p, n), after = before.map((it) => interpolated(it, this.knots));
      const sum = after.reduce((a, b) => a + b, 0);
      if (sum > 0) before.set(after.map((it) => it / sum)); // no class has a chance by g alone: as it was
    }
    return p;
  }
}

/** The least-squares rising function of 1 at `ones`, 0 at the others of `all`; both ascending, `ones` among `all`. */
function poolAdjacentViolators(all: Float64Array, ones: Float64Array) {
  /** Points of one value of g: the first and last p, how many, and how many of them are 1. */
  const blocks: { from: number; to: number; count: number; sum: number }[] = [];
  for (let k = 0, one = 0; k < all.length;) {
    const block = { from: all[k], to: all[k], count: 0, sum: 0 };
    for (; k < all.length && all[k] === block.from; k++) block.count++;
    for (; one < ones.length && ones[one] === block.from; one++) block.sum++;
    for (
      let last = blocks.at(-1);
      last && last.sum * block.count >= block.sum * last.count;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block.from = last.from;
      block.count += last.count;
      block.sum += last.sum;
    }
    blocks.push(block);
  }
  const ends = blocks.flatMap(({ from, to, count, sum }) =>
    (from < to ? [from, to] : [from]).map((p) => [p, sum / count])
  );
  return { p: Float64Array.from(ends, ([p]) => p), g: Float64Array.from(ends, ([, g]) => g) };
}

function interpolated(x: number, { p, g }: IsotonicCalibration["knots"]): number {
  let low = 0, high = p.length - 1;
  if (x <= p[low]) return g[low];
  if (x >= p[high]) return g[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (p[middle] <= x) low = middle;
    else high = middle;
  }
  return g[low] + (x - p[low]) / (p[high] - p[low]) * (g[high] - g[low]);
}
