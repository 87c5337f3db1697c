/**
 * Calibration: whether of the predictions made with confidence c a share c is right.
 *
 * @module
 */
import { type Matrix, row } from "../linear_algebra/mod.ts";
import { argmax, checkProbabilities, confidence } from "./classification.ts";

/** The points whose confidence lies in (`low`, `high`]; the first bin holds its lower end too. */
export interface CalibrationBin {
  /** The smallest confidence of the bin. */
  readonly low: number;
  /** The largest confidence of the bin. */
  readonly high: number;
  /** How many predictions lie in it. */
  readonly count: number;
  /** Mean confidence of the points; NaN where there are none. */
  readonly confidence: number;
  /** The share of the points that are right; NaN where there are none. */
  readonly accuracy: number;
}

/**
 * The reliability diagram: mean confidence and accuracy in `bins` bins of equal width on [0, 1].
 *
 * @param probabilities N × K.
 * @throws {RangeError} where the predictions or labels are none, or the number of bins is not whole and positive.
 * Source: DeGroot and Fienberg (1983); Niculescu-Mizil and Caruana (2005).
 */
export function reliabilityDiagram(
  probabilities: Matrix,
  labels: ArrayLike<number>,
  { bins = 15 }: { bins?: number } = {},
): CalibrationBin[] {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`The number of bins is whole and at least 1, got ${bins}`);
  }
  checkProbabilities(probabilities, labels);
  const count = new Float64Array(bins),
    sum = new Float64Array(bins),
    right = new Float64Array(bins);
  confidence(probabilities).forEach((c, n) => {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(c * bins) - 1));
    count[bin]++;
    sum[bin] += c;
    if (argmax(row(probabilities, n)) === labels[n]) right[bin]++;
  });
  return Array.from({ length: bins }, (_, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count: count[bin],
    confidence: sum[bin] / count[bin],
    accuracy: right[bin] / count[bin],
  }));
}

/**
 * ECE = Σ_b (n_b / N) |accuracy_b − confidence_b| over the bins of the reliability diagram, in [0, 1].
 *
 * It is biased upwards: a perfectly calibrated prediction at few points does not have 0.
 *
 * Source: Naeini, Cooper and Hauskrecht (2015); Guo et al. (2017), equation 3.
 * @example
 * ```ts
 * import { expectedCalibrationError } from "./calibration.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const sure = matrix([[0.9, 0.1], [0.9, 0.1]]); // one of the two is right
 * assertAlmostEquals(expectedCalibrationError(sure, [0, 1]), 0.4);
 * ```
 */
export function expectedCalibrationError(
  probabilities: Matrix,
  labels: ArrayLike<number>,
  { bins = 15 }: { bins?: number } = {},
): number {
  const diagram = reliabilityDiagram(probabilities, labels, { bins });
  return diagram.reduce(
    (sum, { count, accuracy, confidence }) =>
      count === 0 ? sum : sum + count / labels.length * Math.abs(accuracy - confidence),
    0,
  );
}
