/**
 * The largest logit and its smooth kin, row by row.
 *
 * @module
 */
import { type Matrix, row } from "../linear_algebra/mod.ts";

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
