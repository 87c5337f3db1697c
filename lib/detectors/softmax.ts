/**
 * Softmax and its logarithm over the classes, row by row, without overflow.
 *
 * @module
 */
import { type Matrix, row } from "../linear_algebra/mod.ts";

/** p_c = exp z_c / Σ_k exp z_k of each row z of `logits`, N × C. */
export function softmax(logits: Matrix): Matrix {
  const logNorms = logSumExp(logits);
  return {
    ...logits,
    data: logits.data.map((z, k) => Math.exp(z - logNorms[Math.floor(k / logits.columns)])),
  };
}

/** T log Σ_c exp(z_c / T) of each row z of `logits`, N. */
export function logSumExp(logits: Matrix, { temperature = 1 } = {}): Float64Array {
  return largest(logits).map((most, i) => {
    let sum = 0;
    for (const z of row(logits, i)) sum += Math.exp((z - most) / temperature);
    return most + temperature * Math.log(sum);
  });
}

/** The largest entry of each row, N. */
export function largest(A: Matrix): Float64Array {
  return Float64Array.from({ length: A.rows }, (_, i) => {
    let most = -Infinity;
    for (const a of row(A, i)) if (a > most) most = a;
    return most;
  });
}
