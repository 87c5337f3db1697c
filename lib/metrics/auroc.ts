/**
 * The area under the ROC curve by ranks, exact with ties, and its confidence interval.
 *
 * ```ts ignore
 * const area = auroc(confidenceOnTest, confidenceOnForeign);
 * const [low, high] = aurocInterval(area, { inDistribution: 300, outOfDistribution: 100 });
 * ```
 *
 * @module
 */
import { checkWhole } from "../checks.ts";
import { deviations95 } from "./interval.ts";
import { checkScores, midranks } from "./scores.ts";

/**
 * P(s_in > s_out) + ½ P(s_in = s_out) for one in-distribution and one out-of-distribution score: 1 where every
 * score of the first kind is larger, ½ where the scores tell nothing.
 *
 * Computed as (R − n(n + 1)/2) / (n m) from R, the sum of the in-distribution scores' mid-ranks among all n + m, in
 * O((n + m) log(n + m)). Infinite scores are allowed.
 *
 * @param inDistribution n scores, larger for in-distribution.
 * @param outOfDistribution m scores.
 * @throws {RangeError} where either kind has no scores or a score is NaN.
 * Source: Mann and Whitney (1947); Hanley and McNeil, Radiology 143 (1982).
 * @example
 * ```ts
 * import { auroc } from "./auroc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(auroc([3, 2, 1], [0, 1]), 5.5 / 6); // of six pairs five are in order and one is tied
 * ```
 */
export function auroc(
  inDistribution: ArrayLike<number>,
  outOfDistribution: ArrayLike<number>,
): number {
  const n = checkScores("In-distribution scores", inDistribution).length;
  const m = checkScores("Out-of-distribution scores", outOfDistribution).length;
  const scores = new Float64Array(n + m);
  scores.set(inDistribution);
  scores.set(outOfDistribution, n);
  const ranks = midranks(scores);
  let rankSum = 0;
  for (let i = 0; i < n; i++) rankSum += ranks[i];
  return (rankSum - n * (n + 1) / 2) / (n * m);
}

/**
 * The confidence interval of an AUROC: all areas A with |`area` − A| ≤ z √V(A), V(A) = A(1 − A) / (n m) ·
 * [1 + ((n + m)/2 − 1) ((1 − A)/(2 − A) + A/(1 + A))]. It lies in [0, 1] and has a width also at 0 and 1.
 *
 * @param counts How many in-distribution (n) and out-of-distribution (m) scores the area is made of; `z` is the
 * standard normal quantile, 1.96 for 95%.
 * @throws {RangeError} where the area is not in [0, 1] or a count is not a positive whole number.
 * Source: Newcombe, Statistics in Medicine 25 (2006), part 2, method 5.
 */
export function aurocInterval(
  area: number,
  { inDistribution: n, outOfDistribution: m, z = deviations95 }: {
    inDistribution: number;
    outOfDistribution: number;
    z?: number;
  },
): [low: number, high: number] {
  if (!(area >= 0 && area <= 1)) throw new RangeError(`An AUROC is in [0, 1], got ${area}`);
  checkWhole("The number of in-distribution scores", n, { least: 1 });
  checkWhole("The number of out-of-distribution scores", m, { least: 1 });
  const deviation = (A: number) =>
    Math.sqrt(
      A * (1 - A) / (n * m) * (1 + ((n + m) / 2 - 1) * ((1 - A) / (2 - A) + A / (1 + A))),
    );
  const end = (outside: number) => {
    let inside = area;
    for (let step = 0; step < 100; step++) {
      const A = (inside + outside) / 2;
      if (Math.abs(area - A) <= z * deviation(A)) inside = A;
      else outside = A;
    }
    return inside;
  };
  return [end(0), end(1)];
}
