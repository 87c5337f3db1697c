/**
 * The kernels of linear algebra in plain JavaScript, which give the same bits on every machine.
 *
 * @module
 */
import type { Kernels } from "./kernels.ts";
import { type Matrix, transpose, zeros } from "./matrix.ts";
import { timesTransposed } from "./product.ts";
import { maximum, sum, sumOfSquares } from "./reductions.ts";
import { svdByJacobi } from "./singular_values.ts";
import { hypotenuse, symmetricEigenByQl } from "./symmetric_eigen.ts";

/** Plain JavaScript. */
export const portable: Kernels = {
  name: "plain JavaScript",
  multiply(A, B, { transposeA, transposeB, product }) {
    timesTransposed(
      transposeA ? transpose(A) : A,
      transposeB ? B : transpose(B),
      product,
    );
  },
  cholesky,
  symmetricEigen: symmetricEigenByQl,
  svd: svdByJacobi,
  sum,
  maxima: (A) => eachRow(A, maximum),
  squaredNorms: (A) => eachRow(A, sumOfSquares),
};

function cholesky(A: Matrix): Matrix | null {
  const n = A.rows, a = A.data, L = zeros(n, n), l = L.data;
  for (let j = 0; j < n; j++) {
    let squares = 0;
    for (let k = 0; k < j; k++) {
      let s = 0;
      for (let i = 0; i < k; i++) s += l[k * n + i] * l[j * n + i];
      s = (a[j * n + k] - s) / l[k * n + k];
      l[j * n + k] = s;
      squares += s * s;
    }
    const pivot = a[j * n + j] - squares;
    if (!(pivot > 0)) return null;
    l[j * n + j] = Math.sqrt(pivot);
  }
  return L;
}

/** The upper triangular R of A = Q R by Householder reflections, for A with at least as many rows as columns. */
export function triangleOfQr(A: Matrix): Matrix {
  const m = A.rows, n = A.columns, a = transpose(A).data, R = zeros(n, n); // row k of `a` is column k of A
  for (let k = 0; k < n; k++) {
    const from = k * m + k, to = (k + 1) * m;
    let length = 0;
    for (let i = from; i < to; i++) length = hypotenuse(length, a[i]);
    if (a[from] < 0) length = -length;
    R.data[k * n + k] = -length;
    if (length === 0) continue;
    for (let i = from; i < to; i++) a[i] /= length;
    a[from] += 1;
    for (let j = k + 1; j < n; j++) {
      const at = j * m + k - from;
      let s = 0;
      for (let i = from; i < to; i++) s += a[i] * a[at + i];
      s = -s / a[from];
      for (let i = from; i < to; i++) a[at + i] += s * a[i];
      R.data[k * n + j] = a[at + from];
    }
  }
  return R;
}

function eachRow(
  { rows, columns, data }: Matrix,
  reduce: (entries: Float64Array, from: number, to: number) => number,
): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) result[i] = reduce(data, i * columns, (i + 1) * columns);
  return result;
}
