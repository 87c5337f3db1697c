/**
 * A classifier for use: calibrated probabilities, and a refusal where an image is unlike those it was trained on.
 *
 * @module
 */
import type { FittedDetector, Outputs } from "../detectors/mod.ts";
import { row, scaled } from "../linear_algebra/mod.ts";
import { argmax } from "../metrics/classification.ts";
import { thresholdKeeping } from "../metrics/decision_report.ts";
import { probabilitiesOf } from "../models/inference/predictive.ts";
import { fitTemperature } from "../models/inference/temperature_scaling.ts";

/** What is said of one image. */
export interface Decision {
  /** The most probable class, from 0. */
  readonly label: number;
  /** Its calibrated probability, for an image that is accepted. */
  readonly probability: number;
  /** The calibrated probabilities of all classes. */
  readonly probabilities: Float64Array;
  /** The detector's score, larger for in-distribution. */
  readonly score: number;
  /** Whether the score is at or above the threshold. */
  readonly accepted: boolean;
}

/** Features and logits of any network in, decisions out. */
export interface SelectiveClassifier {
  /** T, which the logits are divided by. */
  readonly temperature: number;
  /** The lowest score that is accepted. */
  readonly threshold: number;
  /** @throws {RangeError} where sizes differ from those in training or an entry is not finite. */
  decide(outputs: Outputs & { readonly logits: NonNullable<Outputs["logits"]> }): Decision[];
}

/**
 * The classifier whose temperature minimises the negative log likelihood of the `validation` images, and whose threshold
 * is the highest that keeps at least the share `keep` of them. The validation images must not have been trained on,
 * or both are too confident.
 *
 * @throws {RangeError} where no temperature is best (see `fitTemperature`) or `keep` is not in (0, 1].
 * @example
 * ```ts
 * import { selectiveClassifier } from "./selective_classifier.ts";
 * import { maximumLogit } from "../detectors/mod.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * // Three of four are right, so calibrated log odds are log 3.
 * const validation = { logits: matrix([[2, 0], [2, 0], [2, 0], [2, 0]]), labels: [0, 0, 0, 1] };
 * const classifier = selectiveClassifier(maximumLogit(), validation);
 * const [sure, unsure] = classifier.decide({ logits: matrix([[2, 0], [0, 1]]) });
 * assertAlmostEquals(sure.probability, 3 / 4);
 * assertEquals([sure.accepted, unsure.accepted, unsure.label], [true, false, 1]);
 * ```
 */
export function selectiveClassifier(
  detector: FittedDetector,
  validation: Parameters<SelectiveClassifier["decide"]>[0] & { labels: ArrayLike<number> },
  { keep = 0.95 }: { keep?: number } = {},
): SelectiveClassifier {
  const { temperature } = fitTemperature(validation.logits, validation.labels);
  const threshold = thresholdKeeping(detector.score(validation), { keep });
  return {
    temperature,
    threshold,
    decide(outputs) {
      const p = probabilitiesOf(scaled(outputs.logits, 1 / temperature));
      return Array.from(detector.score(outputs), (score, i) => {
        const probabilities = row(p, i), label = argmax(probabilities);
        return {
          label,
          probability: probabilities[label],
          probabilities,
          score,
          accepted: score >= threshold,
        };
      });
    },
  };
}
