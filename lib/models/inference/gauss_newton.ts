/**
 * The generalised Gauss–Newton matrix: the curvature of a likelihood as its logits carry it to the parameters.
 *
 * @module
 */
import { type Matrix, row, zeros } from "../../linear_algebra/mod.ts";

/**
 * H = Σ_n J_nᵀ Λ_n J_n, P × P, from all J_n stacked, (N · C) × P, and the Λ_n, N of C × C.
 *
 * The exact Hessian of the negative log likelihood where logits are linear in the parameters.
 *
 * Source: Schraudolph, Neural Computation 14 (2002).
 */
export function gaussNewton(J: Matrix, Lambda: readonly Matrix[]): Matrix {
  const P = J.columns, H = zeros(P, P), C = Lambda[0].rows;
  for (let n = 0; n < Lambda.length; n++) {
    for (let c = 0; c < C; c++) {
      const left = row(J, n * C + c);
      const right = new Float64Array(P); // (Λ_n J_n)[c]
      for (let d = 0; d < C; d++) {
        const lambda = Lambda[n].data[c * C + d], Jd = row(J, n * C + d);
        for (let j = 0; j < P; j++) right[j] += lambda * Jd[j];
      }
      for (let i = 0; i < P; i++) {
        if (left[i] === 0) continue;
        for (let j = 0, k = i * P; j <= i; j++, k++) H.data[k] += left[i] * right[j];
      }
    }
  }
  for (let i = 0; i < P; i++) {
    for (let j = 0; j < i; j++) H.data[j * P + i] = H.data[i * P + j]; // symmetric to the last bit
  }
  return H;
}
