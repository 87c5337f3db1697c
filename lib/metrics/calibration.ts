/**
 * Calibration: whether of the predictions made with confidence c a share c is right.
 *
 * @module
 */
import { checkBetween, checkOptions, checkWhole } from "../checks.ts";
import { type Matrix, row } from "../linear_algebra/mod.ts";
import { checkRandom, type Random } from "../random.ts";
import { argmax, checkProbabilities, confidence } from "./classification.ts";
import { quantile } from "./quantile.ts";

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
  checkWhole("The number of bins", bins, { least: 1 });
  checkProbabilities(probabilities, labels);
  const count = new Float64Array(bins),
    sum = new Float64Array(bins),
    right = new Float64Array(bins);
  confidence(probabilities).forEach((c, n) => {
    const bin = binOf(c, bins);
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
 * It is biased upwards: a perfectly calibrated prediction at few points does not have 0. `chanceCalibrationError` tells
 * what it has.
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

/** Expected calibration errors that chance alone gives. */
export interface ChanceCalibrationError {
  /** The mean of the simulated errors. */
  readonly mean: number;
  /** The value that the share `level` of the simulated errors does not exceed. */
  readonly quantile: number;
}

/** What simulations of perfect calibration are made with. */
export interface ChanceOptions {
  /** The source of randomness. */
  readonly random: Random;
  /** Bins of the confidence. */
  readonly bins?: number;
  /** Simulated sets of outcomes. */
  readonly replicates?: number;
  /** Of the quantile. */
  readonly level?: number;
}

/**
 * The expected calibration errors of predictions with these confidences where they are perfectly calibrated: by
 * simulation, every prediction being right with its confidence as probability.
 *
 * @param probabilities N × K.
 * @throws {RangeError | TypeError} where the predictions are none or an option is out of range.
 * Source: Bröcker and Smith, "Increasing the reliability of reliability diagrams", Weather and Forecasting 22 (2007).
 */
export function chanceCalibrationError(
  probabilities: Matrix,
  options: ChanceOptions,
): ChanceCalibrationError {
  return summaryOf(simulatedErrors(probabilities, options), options);
}

/**
 * The expected calibration error beside those that chance alone gives, and how often chance gives as much or more: the
 * p-value of perfect calibration, (1 + how many of the simulated) / (1 + `replicates`).
 *
 * @throws {RangeError | TypeError} as `chanceCalibrationError`, and where a label is no class.
 * @example
 * ```ts
 * import { calibrationBesideChance } from "./calibration.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { seeded } from "../random.ts";
 * import { assert } from "@std/assert";
 *
 * const p = matrix(Array(20).fill([0.9, 0.1])), labels = Array.from({ length: 20 }, (_, i) => i % 2); // half are right
 * const { error, chance, pValue } = calibrationBesideChance(p, labels, { random: seeded(1) });
 * assert(error > chance.quantile && pValue < 0.01);
 * ```
 */
export function calibrationBesideChance(
  probabilities: Matrix,
  labels: ArrayLike<number>,
  options: ChanceOptions,
): { error: number; chance: ChanceCalibrationError; pValue: number } {
  const error = expectedCalibrationError(probabilities, labels, { bins: options.bins });
  const errors = simulatedErrors(probabilities, options);
  const asLarge = errors.filter((it) => it >= error - 1e-12).length;
  return {
    error,
    chance: summaryOf(errors, options),
    pValue: (1 + asLarge) / (1 + errors.length),
  };
}

function summaryOf(errors: Float64Array, { level = 0.975 }: ChanceOptions): ChanceCalibrationError {
  checkBetween("level", level, { low: 0, high: 1 });
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { mean, quantile: quantile(errors, level) };
}

function simulatedErrors(
  probabilities: Matrix,
  options: ChanceOptions,
): Float64Array {
  const { random, bins = 15, replicates = 1000 } = checkOptions(
    "chanceCalibrationError()",
    options,
    [
      "random",
      "bins",
      "replicates",
      "level",
    ],
  );
  checkRandom("chanceCalibrationError()", random);
  checkWhole("The number of bins", bins, { least: 1 });
  checkWhole("replicates", replicates, { least: 1 });
  const confidences = confidence(probabilities), N = confidences.length;
  const places = Uint32Array.from(confidences, (c) => binOf(c, bins));
  const sums = new Float64Array(bins);
  confidences.forEach((c, n) => sums[places[n]] += c);
  return Float64Array.from({ length: replicates }, () => {
    const right = new Float64Array(bins);
    for (let n = 0; n < N; n++) if (random() < confidences[n]) right[places[n]]++;
    let error = 0; // Σ_b |right_b − Σ confidence| / N
    for (let b = 0; b < bins; b++) error += Math.abs(right[b] - sums[b]) / N;
    return error;
  });
}

function binOf(confidence: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
}
