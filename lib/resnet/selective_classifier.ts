/**
 * A classifier for use: calibrated probabilities, and a refusal where an image is unlike those it was trained on.
 *
 * @module
 */
import { checkOptions } from "../checks.ts";
import type { FittedDetector, Outputs } from "../detectors/mod.ts";
import { type FloatMatrix, row } from "../linear_algebra/mod.ts";
import { argmax } from "../metrics/classification.ts";
import { thresholdKeeping } from "../metrics/decision_report.ts";
import { checkFinite } from "../metrics/feature_statistics.ts";
import type { Calibrator, Validation } from "../models/inference/calibrator.ts";
import { TemperatureScaling } from "../models/inference/temperature_scaling.ts";

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

/** Outputs with logits, which a decision is made from. */
export interface OutputsWithLogits extends Outputs {
  /** The logits, N × C. */
  readonly logits: FloatMatrix;
}

/** Features and logits of any network in, decisions out. */
export interface SelectiveClassifier {
  /** What the probabilities come from. */
  readonly calibrator: Calibrator;
  /** The lowest score that is accepted. */
  readonly threshold: number;
  /**
   * A decision for each image.
   *
   * @throws {RangeError} where sizes differ from those in training or an entry is not finite.
   */
  decide(outputs: OutputsWithLogits): Decision[];
}

/**
 * The classifier whose probabilities are calibrated on the `validation` images, and whose threshold is the highest that
 * keeps at least the share `keep` of them. The validation images must not have been trained on, or both are too
 * confident.
 *
 * @param options `keep`, in (0, 1]. `calibrator`: temperature scaling fitted to the validation images by default;
 * `uncalibrated`, or another one that is fitted.
 * @throws {RangeError} where no temperature is best (see `TemperatureScaling.fit`) or `keep` is not in (0, 1].
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
  validation: OutputsWithLogits & Validation,
  options: { keep?: number; calibrator?: Calibrator } = {},
): SelectiveClassifier {
  const { keep = 0.95, calibrator = TemperatureScaling.fit(validation) } = checkOptions(
    "selectiveClassifier()",
    options,
    ["keep", "calibrator"],
  );
  const threshold = thresholdKeeping(detector.score(validation), { keep });
  return {
    calibrator,
    threshold,
    decide(outputs) {
      const p = calibrator.calibrate(checkFinite(outputs.logits, "logits"));
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
