/**
 * The log likelihood of class labels under logits, and its derivatives.
 *
 * @module
 */
import { checkLabels } from "../../checks.ts";
import { checkInputs } from "../../data/labelled.ts";
import { type Matrix, row, zeros } from "../../linear_algebra/mod.ts";
import { probabilitiesOf, softplus } from "./predictive.ts";

/**
 * log p(labels | `logits`) = Σ_n log p(y_n | a_n) and its gradient with respect to the logits, one-hot(y) − p.
 *
 * `logits` are N × K under the softmax, or N × 1, the log odds of class 1 against class 0.
 *
 * @throws {TypeError | RangeError} where there is not one label for each row of logits, or one is none of the classes.
 */
export function logLikelihood(
  logits: Matrix,
  labels: ArrayLike<number>,
): { value: number; gradient: Matrix } {
  checkInputs(logits, { name: "logits" });
  checkLabels(labels, { count: logits.rows, classes: Math.max(2, logits.columns) });
  const p = probabilitiesOf(logits), gradient = zeros(logits.rows, logits.columns);
  let value = 0;
  for (let n = 0; n < logits.rows; n++) {
    const y = labels[n];
    if (logits.columns === 1) {
      value -= softplus(y === 1 ? -logits.data[n] : logits.data[n]);
      gradient.data[n] = y - p.data[2 * n + 1];
    } else {
      const a = row(logits, n), largest = a.reduce((s, t) => Math.max(s, t), -Infinity);
      value += a[y] - largest - Math.log(a.reduce((sum, ak) => sum + Math.exp(ak - largest), 0));
      const slope = row(gradient, n);
      for (let k = 0; k < slope.length; k++) slope[k] = (k === y ? 1 : 0) - row(p, n)[k];
    }
  }
  return { value, gradient };
}

/**
 * −∂² log p(y | a) / ∂a ∂aᵀ at each row of `logits`: Λ_n = diag(p) − p pᵀ (K × K), or p (1 − p) for N × 1 logits.
 *
 * It does not depend on the label.
 */
export function logitCurvature(logits: Matrix): Matrix[] {
  const K = logits.columns, p = probabilitiesOf(logits);
  return Array.from({ length: logits.rows }, (_, n) => {
    const pn = row(p, n), Lambda = zeros(K, K);
    if (K === 1) {
      Lambda.data[0] = pn[0] * pn[1];
      return Lambda;
    }
    for (let j = 0; j < K; j++) {
      for (let k = 0; k < K; k++) Lambda.data[j * K + k] = (j === k ? pn[j] : 0) - pn[j] * pn[k];
    }
    return Lambda;
  });
}
