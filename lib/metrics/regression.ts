/**
 * How well Gaussian predictions fit the targets that came: calibration and log likelihood.
 *
 * @module
 */
import { checkNumbers, checkOptions, checkPositive, shown } from "../checks.ts";
import { deviations95 } from "./interval.ts";

/** Gaussian predictions: means and variances, one each for every target. */
export interface GaussianPredictions {
  /** The predicted means. */
  readonly mean: ArrayLike<number>;
  /** The predicted variances. */
  readonly variance: ArrayLike<number>;
}

/**
 * (y − mean) / √variance for every target: standard normal where the predictions are calibrated.
 *
 * @throws {RangeError} where the lengths differ, nothing is given, a number is not finite or a variance not positive.
 * @example
 * ```ts
 * import { standardizedResiduals } from "./regression.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...standardizedResiduals({ mean: [1], variance: [4] }, [5])], [2]);
 * ```
 */
export function standardizedResiduals(
  predictions: GaussianPredictions,
  y: ArrayLike<number>,
): Float64Array {
  if (typeof predictions !== "object" || predictions === null) {
    throw new TypeError(`predictions are { mean, variance }, got ${shown(predictions)}`);
  }
  const { mean, variance } = predictions;
  checkNumbers("mean", mean);
  checkNumbers("variance", variance);
  checkNumbers("y", y);
  if (y.length === 0 || mean.length !== y.length || variance.length !== y.length) {
    throw new RangeError(
      `Predictions and targets are N each, N ≥ 1: got ${mean.length} means, ${variance.length} variances, ` +
        `${y.length} targets`,
    );
  }
  return Float64Array.from({ length: y.length }, (_, i) => {
    const z = (y[i] - mean[i]) / Math.sqrt(variance[i]);
    const numbers = [y[i], mean[i], variance[i]].every(Number.isFinite) && variance[i] > 0;
    if (!numbers || !Number.isFinite(z)) {
      throw new RangeError(
        `Target, mean and variance are finite and the variance positive: point ${i} has ` +
          `${y[i]}, ${mean[i]} and ${variance[i]}`,
      );
    }
    return z;
  });
}

/** The share of targets within `deviations` predictive standard deviations of their mean, in [0, 1]. */
export function coverage(
  predictions: GaussianPredictions,
  y: ArrayLike<number>,
  options: { deviations?: number } = {},
): number {
  const { deviations = deviations95 } = checkOptions("coverage()", options, ["deviations"]);
  checkPositive("deviations", deviations);
  const z = standardizedResiduals(predictions, y);
  return z.filter((zi) => Math.abs(zi) <= deviations).length / z.length;
}

/** The mean of log N(y | mean, variance) over the targets, in nats for each; larger is better. */
export function meanLogDensity(predictions: GaussianPredictions, y: ArrayLike<number>): number {
  const z = standardizedResiduals(predictions, y);
  return -z.reduce(
    (sum, zi, i) => sum + (zi ** 2 + Math.log(2 * Math.PI * predictions.variance[i])) / 2,
    0,
  ) / z.length;
}
