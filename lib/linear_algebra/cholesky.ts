/**
 * Cholesky factors, and what is solved and computed with them.
 *
 * @module
 */
import { kernelsFor } from "./kernels.ts";
import { checkFinite, checkMatrix, checkSquare, type Matrix, shape, transpose } from "./matrix.ts";
import { triangleOfQr } from "./portable.ts";

/** Thrown where a Cholesky factor is asked of a matrix that has none. */
export class NotPositiveDefiniteError extends RangeError {
  /** The kind of the error. */
  override name = "NotPositiveDefiniteError";
}

/**
 * The lower triangular L with A = L Lᵀ.
 *
 * @throws {NotPositiveDefiniteError} where A is not positive definite.
 * @throws {RangeError} where an entry is not finite.
 */
export function cholesky(A: Matrix): Matrix {
  const n = checkSquare("cholesky", A);
  checkFinite("cholesky", A);
  const L = n === 0 ? A : kernelsFor(n ** 3).cholesky(A);
  if (L === null) {
    throw new NotPositiveDefiniteError(
      `cholesky() needs a positive definite matrix, and this ${shape(A)} one is not: ` +
        "add to its diagonal, or use symmetricEigen() or svd()",
    );
  }
  return L;
}

/**
 * The lower triangular L with AᵀA = L Lᵀ and no negative entry on its diagonal, from a Householder QR of A.
 *
 * AᵀA is never formed, so L keeps twice the digits that its Cholesky factor has where A is near rank deficiency;
 * at rank deficiency L has a diagonal entry of rounding size.
 *
 * @throws {RangeError} where A has fewer rows than columns, or an entry is not finite.
 * @example
 * ```ts
 * import { choleskyOfGram, matrix } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const L = choleskyOfGram(matrix([[3, 1], [4, 0]]));
 * assertAlmostEquals(L.data[0], 5); // the length of the first column
 * ```
 */
export function choleskyOfGram(A: Matrix): Matrix {
  checkMatrix(A);
  checkFinite("choleskyOfGram", A);
  if (A.rows < A.columns) {
    throw new RangeError(`choleskyOfGram() needs rows ≥ columns, got ${shape(A)}`);
  }
  const L = transpose(triangleOfQr(A)), n = L.columns;
  for (let j = 0; j < n; j++) {
    if (L.data[j * n + j] >= 0) continue;
    for (let i = j; i < n; i++) L.data[i * n + j] *= -1;
  }
  return L;
}

/**
 * L⁻¹ B, or L⁻ᵀ B, for a lower triangular L; B has one right-hand side a column.
 *
 * @throws {RangeError} where the sizes differ, or L has a zero on its diagonal.
 */
export function solveTriangular(
  L: Matrix,
  B: Matrix,
  { transposed = false }: { transposed?: boolean } = {},
): Matrix {
  const n = checkSquare("solveTriangular", L);
  if (B.rows !== n) throw new RangeError(`Cannot solve ${shape(L)} for ${shape(B)}: rows differ`);
  checkMatrix(B);
  for (let i = 0; i < n; i++) {
    if (L.data[i * n + i] === 0) {
      throw new RangeError(
        `solveTriangular() needs a diagonal without zeros, and entry ${i} is one`,
      );
    }
  }
  const m = B.columns, X = B.data.slice();
  for (let step = 0; step < n; step++) {
    const i = transposed ? n - 1 - step : step;
    for (let before = 0; before < step; before++) {
      const j = transposed ? n - 1 - before : before;
      const l = transposed ? L.data[j * n + i] : L.data[i * n + j];
      for (let k = 0; k < m; k++) X[i * m + k] -= l * X[j * m + k];
    }
    for (let k = 0; k < m; k++) X[i * m + k] /= L.data[i * n + i];
  }
  return { rows: n, columns: m, data: X };
}

/** A⁻¹ B from the Cholesky factor L of A. */
export function choleskySolve(L: Matrix, B: Matrix): Matrix {
  return solveTriangular(L, solveTriangular(L, B), { transposed: true });
}

/** log det A from the Cholesky factor L of A. */
export function choleskyLogDeterminant(L: Matrix): number {
  checkSquare("choleskyLogDeterminant", L);
  let sum = 0;
  for (let i = 0; i < L.rows; i++) sum += 2 * Math.log(L.data[i * L.rows + i]);
  return sum;
}
