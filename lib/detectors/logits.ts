/**
 * The largest logit, its smooth kin, and the softmax with its logarithm, row by row.
 *
 * @module
 */
import type { Matrix } from "../linear_algebra/mod.ts";

/** T log Σ_c exp(z_c / T) of each row z of `logits`, N. */
export function logSumExp(logits: Matrix, { temperature = 1 } = {}): Float64Array {
  const { columns: C, data } = logits;
  return largest(logits).map((most, i) => {
    let sum = 0;
    for (let k = i * C; k < (i + 1) * C; k++) sum += Math.exp((data[k] - most) / temperature);
    return most + temperature * Math.log(sum);
  });
}

/** The largest entry of each row, N. */
export function largest({ rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let most = -Infinity;
    for (let k = i * columns; k < (i + 1) * columns; k++) if (data[k] > most) most = data[k];
    result[i] = most;
  }
  return result;
}

/** p_c = exp z_c / Σ_k exp z_k of each row z of `logits`, and Σ_c p_c log p_c, its negative entropy. */
export function softmax(logits: Matrix): { p: Matrix; negativeEntropy: Float64Array } {
  const { columns: C, data } = logits, p = new Float64Array(data.length);
  const negativeEntropy = largest(logits).map((most, i) => {
    const from = i * C, to = from + C;
    let sum = 0, weighted = 0;
    for (let k = from; k < to; k++) {
      p[k] = Math.exp(data[k] - most);
      sum += p[k];
      weighted += p[k] * (data[k] - most);
    }
    for (let k = from; k < to; k++) p[k] /= sum;
    return weighted / sum - Math.log(sum);
  });
  return { p: { ...logits, data: p }, negativeEntropy };
}
