/**
 * The largest logit and its smooth kin, row by row.
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
  const result = new Float64Array(rows).fill(-Infinity);
  for (let i = 0; i < rows; i++) {
    for (let k = i * columns; k < (i + 1) * columns; k++) {
      if (data[k] > result[i]) result[i] = data[k];
    }
  }
  return result;
}
