/**
 * Singular values and vectors in plain JavaScript.
 *
 * @module
 */
import { type Matrix, scaled, transpose } from "./matrix.ts";
import { timesTransposed } from "./product.ts";
import { hypotenuse, symmetricEigenByQl } from "./symmetric_eigen.ts";

/** Three are usual. */
const MOST_SWEEPS = 60;

/**
 * A = U diag(s) Vᵀ, thin, singular values descending, by one-sided Jacobi rotations: pairs of columns of A are rotated
 * until all are orthogonal; their lengths are s then. The eigenvectors of AᵀA come first, so that few rotations remain.
 *
 * Source: Hestenes, "Inversion of matrices by biorthogonalization and related results" (1958); Demmel and Veselić,
 * "Jacobi's method is more accurate than QR" (1992).
 */
export function svdByJacobi(A: Matrix): { U: Matrix; s: Float64Array; V: Matrix } {
  if (A.rows < A.columns) {
    const { U, s, V } = svdByJacobi(transpose(A));
    return { U: V, s, V: U };
  }
  const m = A.rows, n = A.columns;
  const scale = A.data.reduce((most, a) => Math.max(most, Math.abs(a)), 0) || 1;
  const columns = transpose(scaled(A, 1 / scale));
  const V = transpose(symmetricEigenByQl(timesTransposed(columns, columns)).vectors).data;
  const W = timesTransposed({ rows: n, columns: n, data: V }, transpose(columns)).data;
  for (let sweeps = 0; sweeps < MOST_SWEEPS && sweep(W, V, m, n); sweeps++);
  const lengths = Array.from({ length: n }, (_, j) => Math.sqrt(dot(W, j, j, m)));
  const order = lengths.map((_, j) => j).sort((i, j) => lengths[j] - lengths[i]);
  const U = new Float64Array(n * m), ordered = new Float64Array(n * n);
  order.forEach((from, to) => {
    ordered.set(V.subarray(from * n, (from + 1) * n), to * n);
    for (let k = 0; k < m; k++) U[to * m + k] = W[from * m + k] / (lengths[from] || 1);
    if (lengths[from] === 0) complete(U, to, m);
  });
  return {
    U: transpose({ rows: n, columns: m, data: U }),
    s: Float64Array.from(order, (j) => scale * lengths[j]),
    V: transpose({ rows: n, columns: n, data: ordered }),
  };
}

/** Rotates each pair of the n rows of W, of length m, and of V with them; whether one was not orthogonal yet. */
function sweep(W: Float64Array, V: Float64Array, m: number, n: number): boolean {
  const squares = Float64Array.from({ length: n }, (_, j) => dot(W, j, j, m));
  const least = Number.EPSILON * Math.sqrt(m);
  let rotated = false;
  for (let p = 0; p < n - 1; p++) {
    for (let q = p + 1; q < n; q++) {
      const product = dot(W, p, q, m);
      if (!(Math.abs(product) > least * Math.sqrt(squares[p]) * Math.sqrt(squares[q]))) continue;
      rotated = true;
      const zeta = (squares[q] - squares[p]) / (2 * product);
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + hypotenuse(1, zeta)); // the smaller angle's tangent
      const c = 1 / Math.sqrt(1 + t * t);
      rotate(W, p, q, m, { c, s: c * t });
      rotate(V, p, q, n, { c, s: c * t });
      squares[p] = dot(W, p, p, m);
      squares[q] = dot(W, q, q, m);
    }
  }
  return rotated;
}

function rotate(
  rows: Float64Array,
  p: number,
  q: number,
  length: number,
  { c, s }: { c: number; s: number },
): void {
  for (let k = 0, i = p * length, j = q * length; k < length; k++, i++, j++) {
    const a = rows[i], b = rows[j];
    rows[i] = c * a - s * b;
    rows[j] = s * a + c * b;
  }
}

function dot(rows: Float64Array, p: number, q: number, length: number): number {
  let s0 = 0, s1 = 0, i = p * length, j = q * length;
  const end = i + length - length % 2;
  for (; i < end; i += 2, j += 2) {
    s0 += rows[i] * rows[j];
    s1 += rows[i + 1] * rows[j + 1];
  }
  return length % 2 ? s0 + s1 + rows[i] * rows[j] : s0 + s1;
}

/** Makes row `j` of U a unit vector orthogonal to those before it. */
function complete(U: Float64Array, j: number, m: number): void {
  for (let axis = 0; axis < m; axis++) {
    const row = U.subarray(j * m, (j + 1) * m).fill(0);
    row[axis] = 1;
    for (let twice = 0; twice < 2; twice++) {
      for (let i = 0; i < j; i++) {
        const along = dot(U, i, j, m);
        for (let k = 0; k < m; k++) row[k] -= along * U[i * m + k];
      }
    }
    const length = Math.sqrt(dot(U, j, j, m));
    if (length < 0.5 / Math.sqrt(m)) continue;
    for (let k = 0; k < m; k++) row[k] /= length;
    return;
  }
}
