/**
 * What a classifier gains by answering only where a score is high.
 *
 * @module
 */
import { ascendingOrder, checkOutcomes, checkScores } from "./scores.ts";

/** Error rate among the images answered, against the share answered; one point for each distinct score. */
export interface RiskCoverage {
  /** The share of images that are kept. */
  readonly coverage: Float64Array;
  /** The share of errors among them. */
  readonly risk: Float64Array;
  /** The risk averaged over all images as the last one answered (AURC). */
  readonly area: number;
}

/**
 * The risk–coverage curve: images are answered in the order of falling `scores`, tied ones together, and the risk is the
 * share of those answered that are wrong.
 *
 * @param correct whether each image's prediction is right.
 * @throws {RangeError} where there is no image, the sizes differ or a score is NaN.
 * Source: Geifman and El-Yaniv, "Selective classification for deep neural networks" (NeurIPS 2017).
 * @example
 * ```ts
 * import { riskCoverage } from "./risk_coverage.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { coverage, risk } = riskCoverage([0.9, 0.5, 0.7, 0.1], [true, true, false, false]);
 * assertEquals([...coverage], [1 / 4, 2 / 4, 3 / 4, 1]);
 * assertEquals([...risk], [0, 1 / 2, 1 / 3, 2 / 4]);
 * ```
 */
export function riskCoverage(
  scores: ArrayLike<number>,
  correct: ArrayLike<boolean>,
): RiskCoverage {
  const N = checkScores("Scores", scores).length;
  checkOutcomes(correct, N);
  const order = ascendingOrder(scores).reverse();
  const coverage: number[] = [], risk: number[] = [];
  let errors = 0, area = 0;
  for (let first = 0, end = 0; first < N; first = end) {
    while (end < N && scores[order[end]] === scores[order[first]]) {
      if (!correct[order[end++]]) errors++;
    }
    coverage.push(end / N);
    risk.push(errors / end);
    area += (end - first) / N * (errors / end);
  }
  return { coverage: Float64Array.from(coverage), risk: Float64Array.from(risk), area };
}
