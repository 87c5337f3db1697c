/**
 * What makes the probabilities of a trained classifier honest: a map from its logits to probabilities, fitted to images that
 * it was not trained on.
 *
 * @module
 */
import { checkLabels } from "../../checks.ts";
import { float64Rows, type FloatMatrix, type Matrix } from "../../linear_algebra/mod.ts";
import { checkFinite } from "../../metrics/feature_statistics.ts";
import { probabilitiesOf } from "./predictive.ts";

/** A map from logits (N × K, or N × 1: log odds of class 1) to probabilities. */
export interface Calibrator {
  /** Probabilities, N × K with K ≥ 2. */
  calibrate(logits: FloatMatrix): Matrix;
}

/** Logits and labels of images that the classifier was not trained on. */
export interface Validation {
  /** The logits, N × C. */
  readonly logits: FloatMatrix;
  /** The class of each point, from 0. */
  readonly labels: ArrayLike<number>;
}

/** The softmax of the logits as they are. */
export const uncalibrated: Calibrator = {
  calibrate: (logits) => probabilitiesOf(float64Rows(logits, 0, Infinity)),
};

/**
 * `validation`, once there are images, all logits are finite and every label is one of their classes; of N × 1 logits
 * with those of class 0, which are 0, beside them.
 *
 * @throws {TypeError | RangeError}
 */
export function checkValidation({ logits, labels }: Validation): Validation {
  checkFinite(logits, "logits");
  const { rows, columns } = logits;
  if (rows === 0 || columns === 0) {
    throw new RangeError(
      `A calibration needs logits of at least one point, got ${rows} × ${columns}`,
    );
  }
  checkLabels(labels, { count: rows, classes: Math.max(2, columns) });
  return { logits: bothClasses(logits), labels };
}

/** Logits of both classes, N × 2, where only the log odds are given. */
export function bothClasses(logits: FloatMatrix): FloatMatrix {
  if (logits.columns !== 1) return logits;
  const data = new Float64Array(2 * logits.rows);
  logits.data.forEach((a, n) => data[2 * n + 1] = a);
  return { rows: logits.rows, columns: 2, data };
}
