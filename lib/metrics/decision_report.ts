/**
 * What a detector would do in use: a threshold chosen on in-distribution images alone, and what follows from it.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { bootstrap, interval, type Sample } from "./bootstrap.ts";
import type { Interval } from "./interval.ts";

/** The consequences of a threshold, each with its interval. */
export interface DecisionReport {
  /** The lowest score that is accepted. */
  readonly threshold: number;
  /** Share of in-distribution images accepted. */
  readonly kept: Interval;
  /** Accuracy on all in-distribution images, and on those accepted. */
  readonly accuracy: Interval;
  /** The share of right predictions among the kept images. */
  readonly accuracyOfKept: Interval;
  /** Share of each out-of-distribution set that is turned away. */
  readonly turnedAway: Readonly<Record<string, Interval>>;
}

/** Scores of one set, whose neighbours are drawn together in blocks of `block` where they are alike. */
export interface ScoredSet extends Pick<Sample, "block"> {
  /** A score for each image. */
  readonly scores: ArrayLike<number>;
}

/**
 * Chooses the highest threshold that keeps at least `keep` of the `validation` scores, and says what share of new
 * in-distribution images it keeps, at which accuracy, and what share of each out-of-distribution set it turns away.
 * The percentile intervals are over all images, those that chose the threshold among them.
 *
 * @throws {RangeError} where a set is empty, a score is NaN or `keep` is not in (0, 1].
 */
export function decisionReport(
  { validation, inDistribution, outOfDistribution }: {
    validation: ArrayLike<number>;
    inDistribution: { readonly scores: ArrayLike<number>; readonly correct: ArrayLike<boolean> };
    outOfDistribution: Readonly<Record<string, ScoredSet>>;
  },
  { random, keep = 0.95, replicates = 1000 }: {
    random: Random;
    keep?: number;
    replicates?: number;
  },
): DecisionReport {
  const ones = new Float64Array(validation.length).fill(1);
  const names = Object.keys(outOfDistribution), from = (name: string) => `from ${name}`;
  const { kept, accuracy, accuracyOfKept, ...turnedAway } = bootstrap<string, string>(
    {
      validation: { count: validation.length },
      inDistribution: { count: inDistribution.scores.length },
      ...Object.fromEntries(names.map((name) => {
        const { scores, block } = outOfDistribution[name];
        return [from(name), { count: scores.length, block }];
      })),
    },
    (weights) => {
      const threshold = thresholdKeeping(validation, { keep, weights: weights.validation });
      const share = (scores: ArrayLike<number>, set: Float64Array) =>
        weightedShare(set, (i) => scores[i] >= threshold);
      const { scores, correct } = inDistribution, all = weights.inDistribution;
      return {
        kept: share(scores, all),
        accuracy: weightedShare(all, (i) => correct[i]),
        accuracyOfKept: weightedShare(
          all.map((w, i) => scores[i] >= threshold ? w : 0),
          (i) => correct[i],
        ),
        ...Object.fromEntries(names.map((name) => {
          return [from(name), 1 - share(outOfDistribution[name].scores, weights[from(name)])];
        })),
      };
    },
    { random, replicates },
  );
  return {
    threshold: thresholdKeeping(validation, { keep, weights: ones }),
    kept: interval(kept),
    accuracy: interval(accuracy),
    accuracyOfKept: interval(accuracyOfKept),
    turnedAway: Object.fromEntries(names.map((name) => [name, interval(turnedAway[from(name)])])),
  };
}

/**
 * The highest of `scores` such that those at or above it have at least `keep` of all weight.
 *
 * @throws {RangeError} where there is no score, one is NaN or `keep` is not in (0, 1].
 */
export function thresholdKeeping(
  scores: ArrayLike<number>,
  { keep = 0.95, weights }: { keep?: number; weights?: ArrayLike<number> } = {},
): number {
  if (!(keep > 0 && keep <= 1)) throw new RangeError(`The share to keep is in (0, 1], got ${keep}`);
  if (scores.length === 0) throw new RangeError("A threshold needs scores to be chosen on");
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) throw new RangeError(`Scores are numbers: score ${i} is NaN`);
  }
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i)
    .sort((i, j) => scores[i] > scores[j] ? -1 : scores[i] < scores[j] ? 1 : 0);
  const weight = (i: number) => weights ? weights[i] : 1;
  const needed = keep * order.reduce((sum, i) => sum + weight(i), 0);
  let kept = 0;
  for (const i of order) if ((kept += weight(i)) >= needed - 1e-9) return scores[i];
  return scores[order.at(-1)!];
}

function weightedShare(weights: Float64Array, holds: (i: number) => boolean): number {
  let share = 0, total = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i];
    if (holds(i)) share += weights[i];
  }
  return share / total;
}
