/**
 * The largest logit and its smooth kin, row by row.
 *
 * @module
 */
import { type Matrix, scaled, softmax } from "../linear_algebra/mod.ts";

/** T log Σ_c exp(z_c / T) of each row z of `logits`, N: max_c z_c − T log max_c p_c, with p the softmax of z / T. */
export function logSumExp(logits: Matrix, { temperature = 1 } = {}): Float64Array {
  const tempered = temperature === 1 ? logits : scaled(logits, 1 / temperature);
  const p = largest(softmax(tempered));
  return largest(logits).map((most, i) => most - temperature * Math.log(p[i]));
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
