/**
 * The prior N(0, σ² I) over the parameters of a model.
 *
 * @module
 */
import { checkOptions, checkPositive, checkWhole, shown } from "../../checks.ts";

/**
 * The standard deviation σ of a Gaussian prior, once it is sure to be one.
 *
 * @throws {RangeError} where it is not positive and finite.
 */
export function checkPriorDeviation(priorDeviation: number): number {
  if (Number.isFinite(priorDeviation) && priorDeviation > 0) return priorDeviation;
  throw new RangeError(
    `priorDeviation, the σ of the prior N(0, σ²), is a positive, finite number, got ${
      shown(priorDeviation)
    }: without a prior, separable data have no mode`,
  );
}

/**
 * The precision 1/σ² of the prior N(0, σ² I).
 *
 * @throws {RangeError} where σ is not positive and finite.
 */
export function priorPrecisionOf(priorDeviation: number): number {
  return 1 / checkPriorDeviation(priorDeviation) ** 2;
}

/**
 * σ of the prior N(0, σ² I) that a weight decay λ on the mean loss of N points amounts to: σ² = 1 / (λ N).
 *
 * @throws {RangeError} where λ is not positive and finite, or N is not a whole number of at least 1.
 */
export function priorDeviationOf(options: { weightDecay: number; points: number }): number {
  const { weightDecay, points } = checkOptions("priorDeviationOf()", options, [
    "weightDecay",
    "points",
  ]);
  checkPositive("weightDecay", weightDecay);
  return 1 / Math.sqrt(weightDecay * checkWhole("points", points, { least: 1 }));
}
