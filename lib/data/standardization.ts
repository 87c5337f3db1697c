/**
 * The map that gives each column of a data set mean 0 and standard deviation 1.
 *
 * @module
 */
import { checkMatrix, type Matrix, shape } from "../linear_algebra/mod.ts";

/** What is subtracted from each column, and what it is divided by. */
export interface Standardization {
  /** The mean of each column. */
  readonly mean: ArrayLike<number>;
  /** The standard deviation of each column. */
  readonly deviation: ArrayLike<number>;
}

/** A standardization that was estimated from data, to be used on other points too. */
export interface FittedStandardization extends Standardization {
  /** (x − mean) / deviation in each column of X (N × D). */
  apply(X: Matrix): Matrix;
}

/**
 * The mean and the standard deviation (with divisor N) of each column of X (N × D).
 *
 * @throws {RangeError} where X has no rows, an entry is not finite, or a column is constant.
 * @example
 * ```ts
 * import { fitStandardization } from "./standardization.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const train = matrix([[1], [3]]);
 * assertEquals([...fitStandardization(train).apply(matrix([[4]])).data], [2]);
 * ```
 */
export function fitStandardization(X: Matrix): FittedStandardization {
  checkMatrix(X, "X");
  const { rows, columns: D, data } = X;
  const mean = new Float64Array(D), deviation = new Float64Array(D);
  data.forEach((x, i) => mean[i % D] += x / rows);
  data.forEach((x, i) => deviation[i % D] += (x - mean[i % D]) ** 2 / rows);
  deviation.forEach((variance, d) => {
    if (!(variance > 0)) throw new RangeError(`Column ${d} of X is constant: leave it out`);
    deviation[d] = Math.sqrt(variance);
  });
  return {
    mean,
    deviation,
    apply(X) {
      checkMatrix(X, "X");
      if (X.columns !== D) throw new RangeError(`X is N × ${D}, as in fitting, got ${shape(X)}`);
      return { ...X, data: X.data.map((x, i) => (x - mean[i % D]) / deviation[i % D]) };
    },
  };
}
