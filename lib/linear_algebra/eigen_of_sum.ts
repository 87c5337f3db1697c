/**
 * Eigenvectors of a covariance whose parts differ in size by many digits.
 *
 * @module
 */
import { symmetricEigen } from "./decompositions.ts";
import { add, columnRange, type Matrix, row } from "./matrix.ts";
import { multiply } from "./products.ts";

/** Eigenvalues under this share of the largest are computed again: of their digits too few are right. */
const SMALL = 1e-6;

/**
 * The eigenvalues of S + BᵀB, ascending, its eigenvectors as columns, and its rank, for a covariance S. They are right
 * also where B is so long that the sum would round S away: what lies far under the largest eigenvalue is computed
 * again from S and B in the space of its eigenvectors, where B is short.
 */
export function symmetricEigenOfSum(
  S: Matrix,
  B: Matrix,
): { values: Float64Array; vectors: Matrix; rank: number } {
  const { values, vectors } = eigen(S, B), D = S.rows, ofB = new Float64Array(D);
  B.data.forEach((b, k) => ofB[k % D] += b * b);
  const noise = new Float64Array(D); // what rounding of the entries of S and B can amount to along each vector
  vectors.data.forEach((v, k) => {
    const j = Math.floor(k / D), error = D * Number.EPSILON;
    noise[k % D] += v * v * (error * S.data[j * (D + 1)] + error ** 2 * ofB[j]);
  });
  const rank = values.reduce((count, value, k) => value > noise[k] ? count + 1 : count, 0);
  return { values, vectors, rank };
}

function eigen(S: Matrix, B: Matrix): { values: Float64Array; vectors: Matrix } {
  const sum = add(S, multiply(B, B, { transposeA: true }));
  const { values, vectors } = symmetricEigen(sum), D = values.length;
  const small = values.findIndex((value) => value > SMALL * values[D - 1]);
  if (small <= 0) return { values, vectors };
  const V = columnRange(vectors, 0, small);
  const again = eigen(multiply(V, multiply(S, V), { transposeA: true }), multiply(B, V));
  values.set(again.values);
  return { values, vectors: withColumns(vectors, multiply(V, again.vectors)) };
}

/** A with its first columns replaced by those of B. */
function withColumns(A: Matrix, B: Matrix): Matrix {
  const result = { ...A, data: A.data.slice() };
  for (let i = 0; i < A.rows; i++) row(result, i).set(row(B, i));
  return result;
}
