/**
 * The product of matrices in plain JavaScript.
 *
 * @module
 */
import { type Matrix, zeros } from "./matrix.ts";

/** A Bᵀ, `into` a matrix of its shape where one is given: four sums at a time, each in the order of its terms. */
export function timesTransposed(
  A: Matrix,
  B: Matrix,
  into: Matrix = zeros(A.rows, B.rows),
): Matrix {
  const { rows: m, columns: inner, data: a } = A, { rows: n, data: b } = B, product = into.data;
  const whole = n - n % 4;
  for (let j = 0; j < whole; j += 4) {
    for (let i = 0; i < m; i++) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      let k0 = j * inner, k1 = k0 + inner, k2 = k1 + inner, k3 = k2 + inner;
      for (let k = i * inner; k < (i + 1) * inner; k++) {
        const x = a[k];
        s0 += x * b[k0++];
        s1 += x * b[k1++];
        s2 += x * b[k2++];
        s3 += x * b[k3++];
      }
      product[i * n + j] = s0;
      product[i * n + j + 1] = s1;
      product[i * n + j + 2] = s2;
      product[i * n + j + 3] = s3;
    }
  }
  for (let j = whole; j < n; j++) {
    for (let i = 0; i < m; i++) {
      let s = 0;
      for (let k = 0; k < inner; k++) s += a[i * inner + k] * b[j * inner + k];
      product[i * n + j] = s;
    }
  }
  return into;
}
