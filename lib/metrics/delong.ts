/**
 * Confidence intervals of AUROCs, and of the difference of two on the same images, for independent images.
 *
 * @module
 */
import { sum } from "../linear_algebra/mod.ts";
import { deviations95, type Interval } from "./interval.ts";
import { ascendingOrder, checkScores } from "./scores.ts";

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
  const placements = placementsOf(scores), estimate = mean(placements.inDistribution);
  const width = z * Math.sqrt(covarianceOf(placements, placements));
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
  const a = placementsOf(first), b = placementsOf(second);
  const estimate = mean(a.inDistribution) - mean(b.inDistribution);
  const variance = covarianceOf(a, a) + covarianceOf(b, b) - 2 * covarianceOf(a, b);
  const width = z * Math.sqrt(Math.max(0, variance)); // two equal detectors: 0 up to rounding
  return { estimate, low: estimate - width, high: estimate + width };
}

/** The covariance of the AUROCs of two detectors on the same images; of one with itself, its variance. */
export function aurocCovariance(first: DetectionScores, second: DetectionScores): number {
  return covarianceOf(placementsOf(first), placementsOf(second));
}

/** For each image, the share of the other kind that it is in the right order with, ties as one half. */
interface Placements {
  readonly inDistribution: Float64Array;
  readonly outOfDistribution: Float64Array;
}

function placementsOf({ inDistribution, outOfDistribution }: DetectionScores): Placements {
  checkScores("In-distribution scores", inDistribution, { least: 2 });
  checkScores("Out-of-distribution scores", outOfDistribution, { least: 2 });
  const n = inDistribution.length, m = outOfDistribution.length, scores = new Float64Array(n + m);
  scores.set(inDistribution);
  scores.set(outOfDistribution, n);
  const order = ascendingOrder(scores), inside = new Float64Array(n), outside = new Float64Array(m);
  let insideBelow = 0, outsideBelow = 0;
  for (let first = 0, end = 0; first < n + m; first = end) {
    let tiedInside = 0;
    for (; end < n + m && scores[order[end]] === scores[order[first]]; end++) {
      if (order[end] < n) tiedInside++;
    }
    const tiedOutside = end - first - tiedInside;
    for (let k = first; k < end; k++) {
      const i = order[k];
      if (i < n) inside[i] = (outsideBelow + tiedOutside / 2) / m;
      else outside[i - n] = 1 - (insideBelow + tiedInside / 2) / n;
    }
    insideBelow += tiedInside;
    outsideBelow += tiedOutside;
  }
  return { inDistribution: inside, outOfDistribution: outside };
}

function covarianceOf(a: Placements, b: Placements): number {
  return covariance(a.inDistribution, b.inDistribution) / a.inDistribution.length +
    covariance(a.outOfDistribution, b.outOfDistribution) / a.outOfDistribution.length;
}

function mean(values: Float64Array): number {
  return sum(values) / values.length;
}

function covariance(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) {
    throw new RangeError(`Both detectors score the same images, got ${a.length} and ${b.length}`);
  }
  const meanA = mean(a), meanB = mean(b);
  let products = 0;
  for (let i = 0; i < a.length; i++) products += (a[i] - meanA) * (b[i] - meanB);
  return products / (a.length - 1);
}
