/**
 * How well a score tells out-of-distribution from in-distribution images.
 *
 * A score is larger for in-distribution. An image is called out-of-distribution where its score is at or under a
 * threshold. Precision, recall and false-positive rate depend on which kind is called positive, so every such
 * figure here says so in its name: `OutPositive` (this project's convention, and that of OpenOOD 1.5, pytorch-ood
 * and torch-uncertainty) or `InPositive` (OpenOOD 1.0, ViM, NECO, energy). The AUROC is the same under both.
 *
 * @module
 */
import { ascendingOrder, checkScores } from "./scores.ts";

/** Which kind of image is called positive. */
export type Positive = "out-of-distribution" | "in-distribution";

/** Where each score stands among all: its index in the ascending list of distinct scores. */
export interface RankedScores {
  /** The place of each in-distribution score. */
  readonly inDistribution: Uint32Array;
  /** The place of each out-of-distribution score. */
  readonly outOfDistribution: Uint32Array;
  /** The distinct scores, ascending. */
  readonly thresholds: Float64Array;
}

/** How many images of each kind, or what weight of them, score at or under each distinct score. */
export interface ScoreCounts {
  /** Of in-distribution images. */
  readonly inDistribution: Float64Array;
  /** Of out-of-distribution images. */
  readonly outOfDistribution: Float64Array;
}

/** Every figure of one detector on one pair of sets. */
export interface DetectionMetrics {
  /** P(s_in > s_out) + ½ P(s_in = s_out). */
  readonly auroc: number;
  /** Average precision with out-of-distribution positive. */
  readonly auprOutPositive: number;
  /** Average precision with in-distribution positive. */
  readonly auprInPositive: number;
  /** Trapezoidal area under the precision–recall curve, out-of-distribution positive. */
  readonly auprOutPositiveTrapezoid: number;
  /** Trapezoidal area under the precision–recall curve, in-distribution positive. */
  readonly auprInPositiveTrapezoid: number;
  /** Share of in-distribution images lost at the first threshold that catches 95% of out-of-distribution images. */
  readonly fpr95OutPositive: number;
  /** Share of out-of-distribution images let in at the highest threshold that keeps 95% of in-distribution images. */
  readonly fpr95InPositive: number;
}

/**
 * Every figure of one detector on one pair of sets; tied scores count as tied.
 *
 * @throws {RangeError} where a set is empty or a score is NaN; infinite scores are allowed.
 * @example
 * ```ts
 * import { detectionMetrics } from "./detection.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const metrics = detectionMetrics([4, 3, 2, 0], [1, -1]);
 * assertEquals(metrics.auroc, 7 / 8);
 * assertEquals(metrics.fpr95OutPositive, 1 / 4); // catching 1 and -1 loses the image of score 0
 * assertEquals(metrics.fpr95InPositive, 1 / 2); // keeping 0 lets 1 in
 * ```
 */
export function detectionMetrics(
  inDistribution: ArrayLike<number>,
  outOfDistribution: ArrayLike<number>,
): DetectionMetrics {
  return metricsOf(countScores(rankScores(inDistribution, outOfDistribution)));
}

/** The ROC curve with out-of-distribution positive: from (0, 0), a point for each distinct score, to (1, 1). */
export function rocCurve(
  inDistribution: ArrayLike<number>,
  outOfDistribution: ArrayLike<number>,
): { falsePositiveRate: Float64Array; truePositiveRate: Float64Array; thresholds: Float64Array } {
  const ranked = rankScores(inDistribution, outOfDistribution), counts = countScores(ranked);
  const from = (first: number, rest: Float64Array, total = 1) => {
    const values = new Float64Array(1 + rest.length).fill(first);
    rest.forEach((value, k) => values[k + 1] = value / total);
    return values;
  };
  return {
    falsePositiveRate: from(0, counts.inDistribution, inDistribution.length),
    truePositiveRate: from(0, counts.outOfDistribution, outOfDistribution.length),
    thresholds: from(-Infinity, ranked.thresholds),
  };
}

/**
 * Sorts the scores of both kinds once, for `countScores` under any weights.
 *
 * @throws {RangeError} where a set is empty or a score is NaN.
 */
export function rankScores(
  inDistribution: ArrayLike<number>,
  outOfDistribution: ArrayLike<number>,
): RankedScores {
  checkScores("In-distribution scores", inDistribution);
  checkScores("Out-of-distribution scores", outOfDistribution);
  const n = inDistribution.length, all = new Float64Array(n + outOfDistribution.length);
  all.set(inDistribution);
  all.set(outOfDistribution, n);
  const ranks = new Uint32Array(all.length), thresholds = new Float64Array(all.length);
  let distinct = 0;
  for (const i of ascendingOrder(all)) {
    if (distinct === 0 || all[i] !== thresholds[distinct - 1]) thresholds[distinct++] = all[i];
    ranks[i] = distinct - 1;
  }
  return {
    inDistribution: ranks.subarray(0, n),
    outOfDistribution: ranks.subarray(n),
    thresholds: thresholds.slice(0, distinct),
  };
}

/** How many images score at or under each distinct score; `weights` counts an image more often, or not at all. */
export function countScores(
  { inDistribution, outOfDistribution, thresholds }: RankedScores,
  { weights }: {
    weights?: {
      readonly inDistribution: ArrayLike<number>;
      readonly outOfDistribution: ArrayLike<number>;
    };
  } = {},
): ScoreCounts {
  const cumulative = (ranks: Uint32Array, weight?: ArrayLike<number>) => {
    const counts = new Float64Array(thresholds.length);
    for (let i = 0; i < ranks.length; i++) counts[ranks[i]] += weight ? weight[i] : 1;
    for (let k = 1; k < counts.length; k++) counts[k] += counts[k - 1];
    return counts;
  };
  return {
    inDistribution: cumulative(inDistribution, weights?.inDistribution),
    outOfDistribution: cumulative(outOfDistribution, weights?.outOfDistribution),
  };
}

/** Every figure, from the counts. */
export function metricsOf(counts: ScoreCounts): DetectionMetrics {
  const out = precisionRecall(counts, "out-of-distribution");
  const in_ = precisionRecall(counts, "in-distribution");
  return {
    auroc: area(counts),
    auprOutPositive: out.averagePrecision,
    auprInPositive: in_.averagePrecision,
    auprOutPositiveTrapezoid: out.trapezoid,
    auprInPositiveTrapezoid: in_.trapezoid,
    fpr95OutPositive: falsePositiveRate(counts, { positive: "out-of-distribution" }),
    fpr95InPositive: falsePositiveRate(counts, { positive: "in-distribution" }),
  };
}

/** The area under the ROC curve by trapezoids, which counts a tie as one half. */
export function area({ inDistribution, outOfDistribution }: ScoreCounts): number {
  const n = inDistribution.at(-1)!, m = outOfDistribution.at(-1)!;
  let sum = 0, seenIn = 0, seenOut = 0;
  for (let k = 0; k < inDistribution.length; k++) {
    sum += (inDistribution[k] - seenIn) * (seenOut + outOfDistribution[k]) / 2;
    seenIn = inDistribution[k];
    seenOut = outOfDistribution[k];
  }
  return sum / (n * m);
}

/**
 * The share of negatives called positive at the first threshold, from the strictest on, that finds
 * `truePositiveRate` of the positives.
 */
export function falsePositiveRate(
  counts: ScoreCounts,
  { positive, truePositiveRate = 0.95 }: { positive: Positive; truePositiveRate?: number },
): number {
  const curve = thresholdCounts(counts, positive);
  const needed = curve.truePositives.findIndex((count) =>
    count / curve.positives >= truePositiveRate
  );
  return curve.falsePositives[needed] / curve.negatives;
}

/**
 * The area under the precision–recall curve in its two usual definitions: average precision, Σ_k (R_k − R_{k−1}) P_k,
 * and the trapezoids through the same points from (0, 1), which is optimistic between them (Davis and Goadrich, 2006).
 */
export function precisionRecall(
  counts: ScoreCounts,
  positive: Positive,
): { averagePrecision: number; trapezoid: number } {
  const { truePositives, falsePositives, positives } = thresholdCounts(counts, positive);
  let averagePrecision = 0, trapezoid = 0, found = 0, previous = 1;
  for (let k = 0; k < truePositives.length; k++) {
    const called = truePositives[k] + falsePositives[k];
    if (called === 0) continue; // weights of zero so far: no precision yet
    const precision = truePositives[k] / called, gained = truePositives[k] - found;
    averagePrecision += gained * precision;
    trapezoid += gained * (precision + previous) / 2;
    found = truePositives[k];
    previous = precision;
  }
  return { averagePrecision: averagePrecision / positives, trapezoid: trapezoid / positives };
}

/** True and false positives at each threshold, from the strictest on. */
function thresholdCounts({ inDistribution, outOfDistribution }: ScoreCounts, positive: Positive) {
  const n = inDistribution.at(-1)!, m = outOfDistribution.at(-1)!;
  if (positive === "out-of-distribution") {
    return {
      truePositives: outOfDistribution,
      falsePositives: inDistribution,
      positives: m,
      negatives: n,
    };
  }
  const above = (cumulative: Float64Array, total: number) => {
    const last = cumulative.length - 1;
    const counts = new Float64Array(cumulative.length).fill(total);
    for (let k = 0; k < last; k++) counts[k] = total - cumulative[last - 1 - k];
    return counts;
  };
  return {
    truePositives: above(inDistribution, n),
    falsePositives: above(outOfDistribution, m),
    positives: n,
    negatives: m,
  };
}
