/**
 * Confidence intervals of AUROCs, and of the difference of two on the same images, for independent images.
 *
 * @module
 */
import { auroc, midranks } from "./auroc.ts";
import { deviations95, type Interval } from "./interval.ts";

/** Scores of in-distribution and of out-of-distribution images by one detector. */
export interface DetectionScores {
  /** The in-distribution scores. */
  readonly inDistribution: ArrayLike<number>;
  /** The out-of-distribution scores. */
  readonly outOfDistribution: ArrayLike<number>;
}

/**
 * The AUROC with DeLong's interval: estimate ± z √V, cut to [0, 1]. Images must be independent: use the block bootstrap
 * where neighbours are alike. Where the kinds are wholly separated the interval has no width; `aurocInterval` has.
 *
 * @param options `z`: the standard normal quantile, 1.96 for 95%.
 * @throws {RangeError} where a kind has fewer than two scores or a score is NaN.
 * Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); by ranks, Sun and Xu, IEEE SPL 21 (2014).
 */
export function delong(
  scores: DetectionScores,
  { z = deviations95 }: { z?: number } = {},
): Interval {
  const estimate = auroc(scores.inDistribution, scores.outOfDistribution);
  const width = z * Math.sqrt(aurocCovariance(scores, scores));
  return { estimate, low: Math.max(0, estimate - width), high: Math.min(1, estimate + width) };
}

/**
 * AUROC of `first` less AUROC of `second`, two detectors on the same images in the same order, with DeLong's interval.
 *
 * @throws {RangeError} where the two did not score the same images.
 */
export function delongDifference(
  first: DetectionScores,
  second: DetectionScores,
  { z = deviations95 }: { z?: number } = {},
): Interval {
  const estimate = auroc(first.inDistribution, first.outOfDistribution) -
    auroc(second.inDistribution, second.outOfDistribution);
  const variance = aurocCovariance(first, first) + aurocCovariance(second, second) -
    2 * aurocCovariance(first, second);
  const width = z * Math.sqrt(Math.max(0, variance)); // two equal detectors: 0 up to rounding
  return { estimate, low: estimate - width, high: estimate + width };
}

/** The covariance of the AUROCs of two detectors on the same images; of one with itself, its variance. */
export function aurocCovariance(first: DetectionScores, second: DetectionScores): number {
  const a = components(first), b = components(second);
  return covariance(a.inDistribution, b.inDistribution) / a.inDistribution.length +
    covariance(a.outOfDistribution, b.outOfDistribution) / a.outOfDistribution.length;
}

/** For each image, the share of the other kind that it is in the right order with. */
function components({ inDistribution, outOfDistribution }: DetectionScores) {
  const n = inDistribution.length, m = outOfDistribution.length;
  if (n < 2 || m < 2) throw new RangeError(`Two scores of each kind are needed, got ${n} and ${m}`);
  const scores = new Float64Array(n + m);
  scores.set(inDistribution);
  scores.set(outOfDistribution, n);
  const among = midranks(scores), ranksIn = midranks(inDistribution);
  const ranksOut = midranks(outOfDistribution);
  return {
    inDistribution: ranksIn.map((rank, i) => (among[i] - rank) / m),
    outOfDistribution: ranksOut.map((rank, j) => 1 - (among[n + j] - rank) / n),
  };
}

function covariance(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) {
    throw new RangeError(`Both detectors score the same images, got ${a.length} and ${b.length}`);
  }
  const mean = (values: Float64Array) => values.reduce((sum, it) => sum + it, 0) / values.length;
  const meanA = mean(a), meanB = mean(b);
  return a.reduce((sum, it, i) => sum + (it - meanA) * (b[i] - meanB), 0) / (a.length - 1);
}
