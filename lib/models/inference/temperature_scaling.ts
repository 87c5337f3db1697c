/**
 * Temperature scaling: one number that sharpens or softens all predictions of a fitted classifier.
 *
 * ```ts ignore
 * const scaling = fitTemperature(validationLogits, validation.labels);
 * const calibrated = probabilitiesOf(scaled(testLogits, 1 / scaling.temperature));
 * ```
 *
 * @module
 */
import { checkMatrix, type Matrix } from "../../linear_algebra/mod.ts";
import { logLikelihood } from "./likelihood.ts";

/**
 * The temperature T > 0 that minimises the negative log likelihood of `labels` under softmax(logits / T), or
 * σ(logit / T) for N × 1 logits, and that mean likelihood, in nats a point, before and after.
 *
 * The objective is convex in 1 / T, so bisection of its slope, −Σ_n (a_{n,y} − E_p a_n), finds the minimum. Accuracy does
 * not change. Use logits of validation data: on training data T hides overfitting.
 *
 * @throws {TypeError} where the logits are not in a Float64Array.
 * @throws {RangeError} where there are no points, a logit is not finite, a label is none of the classes, or the minimum
 * lies at T = 0 (the labels are all the largest logits) or T = ∞ (the logits predict no better than chance).
 * Source: Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
 * @example
 * ```ts
 * import { fitTemperature } from "./temperature_scaling.ts";
 * import { matrix } from "../../linear_algebra/mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // Log odds of 2 where three of four are right: calibrated are log odds of log 3.
 * const { temperature } = fitTemperature(matrix([[2], [2], [2], [2]]), [1, 1, 1, 0]);
 * assertAlmostEquals(2 / temperature, Math.log(3), 1e-9);
 * ```
 */
export function fitTemperature(
  logits: Matrix,
  labels: ArrayLike<number>,
): { temperature: number; before: number; after: number } {
  checkMatrix(logits, "logits");
  const N = logits.rows, K = Math.max(2, logits.columns);
  if (N === 0) throw new RangeError("A temperature is fitted to at least one point");
  if (!logits.data.every(Number.isFinite)) throw new RangeError("Logits must be finite");
  const odd = Array.from(labels).findIndex((y) => !(Number.isInteger(y) && y >= 0 && y < K));
  if (odd >= 0) {
    throw new RangeError(
      `Labels of ${K} classes are 0 to ${K - 1}: label ${odd} is ${labels[odd]}`,
    );
  }
  const at = (inverse: number) => ({ ...logits, data: logits.data.map((a) => inverse * a) });
  const meanLoss = (inverse: number) => -logLikelihood(at(inverse), labels).value / N;
  const slope = (inverse: number) => {
    const { gradient } = logLikelihood(at(inverse), labels); // ∂ log likelihood / ∂ (a / T)
    return -gradient.data.reduce((sum, g, i) => sum + g * logits.data[i], 0);
  };
  let low = 1e-6, high = 1e6;
  if (slope(low) >= 0) {
    throw new RangeError(
      "No temperature helps: these logits predict the labels no better than chance",
    );
  }
  if (slope(high) <= 0) {
    throw new RangeError(
      "The best temperature is 0: every label has the largest logit. Use more, or harder, validation data",
    );
  }
  for (let step = 0; step < 60; step++) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return { temperature: 1 / low, before: meanLoss(1), after: meanLoss(low) };
}
