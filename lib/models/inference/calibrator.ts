/**
 * What makes the probabilities of a trained classifier honest: a map from its logits to probabilities, fitted to images that
 * it was not trained on.
 *
 * @module
 */
import { checkLabels, checkWhole, shown } from "../../checks.ts";
import {
  checkFloatMatrix,
  float64Rows,
  type FloatMatrix,
  type Matrix,
} from "../../linear_algebra/mod.ts";
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
export function checkValidation(validation: Validation): Validation {
  if (typeof validation !== "object" || validation === null || !("logits" in validation)) {
    throw new TypeError(`validation is { logits, labels }, got ${shown(validation)}`);
  }
  const { logits, labels } = validation,
    { rows, columns } = checkLogits(logits);
  if (rows === 0 || columns === 0) {
    throw new RangeError(
      `A calibration needs logits of at least one point, got ${rows} × ${columns}`,
    );
  }
  checkLabels(labels, { count: rows, classes: Math.max(2, columns) });
  return { logits: bothClasses(logits), labels };
}

function checkLogits(logits: FloatMatrix): FloatMatrix {
  if (typeof logits !== "object" || logits === null) {
    throw new TypeError(`logits are a matrix, one row an image, got ${shown(logits)}`);
  }
  checkFloatMatrix(logits, "logits");
  checkWhole("logits.rows", logits.rows);
  checkWhole("logits.columns", logits.columns);
  checkFinite(logits, "logits");
  return logits;
}

/**
 * Logits of both classes, N × 2, where only the log odds are given.
 *
 * @throws {TypeError | RangeError} where they are not N × K finite numbers.
 */
export function bothClasses(logits: FloatMatrix): FloatMatrix {
  checkLogits(logits);
  if (logits.columns !== 1) return logits;
  const data = new Float64Array(2 * logits.rows);
  logits.data.forEach((a, n) => data[2 * n + 1] = a);
  return { rows: logits.rows, columns: 2, data };
}
