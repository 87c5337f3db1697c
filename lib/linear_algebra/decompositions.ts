/**
 * Eigenvalues and singular values.
 *
 * @module
 */
import { kernelsFor } from "./kernels.ts";
import { checkFinite, checkMatrix, checkSquare, type Matrix } from "./matrix.ts";

/**
 * A = V diag(values) Vᵀ for a symmetric A: eigenvalues ascending, eigenvectors as columns.
 *
 * @throws {RangeError} where A is not square or an entry is not finite.
 */
export function symmetricEigen(A: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = checkSquare("symmetricEigen", A);
  checkFinite("symmetricEigen", A);
  return kernelsFor(n ** 3).symmetricEigen(A);
}

/**
 * A = U diag(s) Vᵀ, thin, singular values descending.
 *
 * @throws {RangeError} where an entry is not finite.
 */
export function svd(A: Matrix): { U: Matrix; s: Float64Array; V: Matrix } {
  checkMatrix(A);
  checkFinite("svd", A);
  return kernelsFor(A.rows * A.columns * Math.min(A.rows, A.columns)).svd(A);
}
