/**
 * What a detector would do in use: a threshold chosen on in-distribution images alone, and what follows from it.
 *
 * @module
 */
import { checkBetween, checkNumbers, checkOptions } from "../checks.ts";
import type { Random } from "../random.ts";
import { bootstrap, type Bootstrapped, interval, type Sample } from "./bootstrap.ts";
import type { Interval } from "./interval.ts";
import { countOf, wilsonInterval } from "./proportion.ts";
import { ascendingOrder, checkOutcomes, checkScores } from "./scores.ts";

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
 * An interval of a share that no resample changes, as of all or none, is Wilson's.
 *
 * @throws {RangeError} where a set is empty, a score is NaN, outcomes are fewer or more than scores, `keep` is not in
 * (0, 1], or the threshold keeps no in-distribution image, whose accuracy then is none.
 * @throws {TypeError} where scores are no numbers or outcomes not true or false.
 */
export function decisionReport(
  { validation, inDistribution: { scores, correct }, outOfDistribution }: {
    validation: ArrayLike<number>;
    inDistribution: { readonly scores: ArrayLike<number>; readonly correct: ArrayLike<boolean> };
    outOfDistribution: Readonly<Record<string, ScoredSet>>;
  },
  options: { random: Random; keep?: number; replicates?: number },
): DecisionReport {
  const { random, keep = 0.95, replicates = 1000 } = checkOptions("decisionReport()", options, [
    "random",
    "keep",
    "replicates",
  ]);
  const threshold = thresholdKeeping(validation, { keep });
  checkScores("In-distribution scores", scores);
  checkOutcomes(correct, scores.length);
  const names = Object.keys(outOfDistribution), from = (name: string) => `from ${name}`;
  for (const name of names) checkScores(`The scores of ${name}`, outOfDistribution[name].scores);
  const order = ascendingOrder(validation).reverse(); // sorted once, for every resample
  const { kept, accuracy, accuracyOfKept, ...turnedAway } = bootstrap<string, string>(
    {
      validation: { count: validation.length },
      inDistribution: { count: scores.length },
      ...Object.fromEntries(names.map((name) => {
        const { scores, block } = outOfDistribution[name];
        return [from(name), { count: scores.length, block }];
      })),
    },
    (weights) => {
      const threshold = lowestKept(validation, order, { keep, weights: weights.validation });
      const all = weights.inDistribution;
      let keptWeight = 0, right = 0, keptRight = 0;
      for (let i = 0; i < all.length; i++) {
        const isKept = scores[i] >= threshold;
        if (isKept) keptWeight += all[i];
        if (!correct[i]) continue;
        right += all[i];
        if (isKept) keptRight += all[i];
      }
      return {
        kept: keptWeight / scores.length,
        accuracy: right / scores.length,
        accuracyOfKept: keptRight / keptWeight,
        ...Object.fromEntries(names.map((name) => {
          const { scores } = outOfDistribution[name], weight = weights[from(name)];
          let away = 0;
          for (let i = 0; i < weight.length; i++) if (scores[i] < threshold) away += weight[i];
          return [from(name), away / scores.length];
        })),
      };
    },
    { random, replicates },
  );
  if (Number.isNaN(accuracyOfKept.estimate)) {
    throw new RangeError(
      `The threshold ${threshold} keeps none of the in-distribution images, so that there is no accuracy of those kept: ` +
        "validation images must be of their kind",
    );
  }
  const keptImages = Math.round(kept.estimate * scores.length);
  return {
    threshold,
    kept: shareInterval(kept, scores.length),
    accuracy: shareInterval(accuracy, scores.length),
    accuracyOfKept: shareInterval(accuracyOfKept, keptImages),
    turnedAway: Object.fromEntries(names.map((name) => {
      const { scores, block = 1 } = outOfDistribution[name];
      return [name, shareInterval(turnedAway[from(name)], Math.ceil(scores.length / block))];
    })),
  };
}

/** The percentile interval of the draws that have a value; Wilson's for `trials` where it has no width. */
function shareInterval({ estimate, draws }: Bootstrapped, trials: number): Interval {
  const found = interval({ estimate, draws: draws.filter((draw) => !Number.isNaN(draw)) });
  return found.low < found.high
    ? found
    : { ...wilsonInterval(countOf(estimate, trials)), estimate };
}

/**
 * The highest of `scores` such that those at or above it have at least `keep` of all weight.
 *
 * @throws {RangeError} where there is no score, one is NaN, a weight is negative or all are 0, or `keep` is not in (0, 1].
 */
export function thresholdKeeping(
  scores: ArrayLike<number>,
  { keep = 0.95, weights }: { keep?: number; weights?: ArrayLike<number> } = {},
): number {
  checkBetween("keep", keep, { low: 0, high: 1, open: ["low"] });
  checkScores("Scores", scores);
  if (weights) {
    checkNumbers("weights", weights, { length: scores.length });
    if (Array.from(weights).some((weight) => weight < 0) || !Array.from(weights).some(Boolean)) {
      throw new RangeError("Weights are 0 or more, and one is more");
    }
  }
  return lowestKept(scores, ascendingOrder(scores).reverse(), { keep, weights });
}

/** The threshold from scores whose falling `order` is known. */
function lowestKept(
  scores: ArrayLike<number>,
  order: Uint32Array,
  { keep, weights }: { keep: number; weights?: ArrayLike<number> },
): number {
  let total = 0, kept = 0;
  for (let i = 0; i < scores.length; i++) total += weights ? weights[i] : 1;
  for (const i of order) {
    if ((kept += weights ? weights[i] : 1) >= keep * total - 1e-9) return scores[i];
  }
  return scores[order.at(-1)!];
}
