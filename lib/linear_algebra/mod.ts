/**
 * Dense float64 linear algebra, checked at the door: products, Cholesky, triangular solves, symmetric
 * eigenproblems, singular values.
 *
 * @module
 */
import { kernelsFor, triangleOfQr } from "./kernels.ts";
import { checkMatrix, type Matrix, shape, transpose, zeros } from "./matrix.ts";

export * from "./matrix.ts";
export { sum } from "./reductions.ts";
export * from "./rows.ts";

/** Thrown where a Cholesky factor is asked of a matrix that has none. */
export class NotPositiveDefiniteError extends RangeError {
  override name = "NotPositiveDefiniteError";
}

/**
 * A B, with either transposed on request.
 *
 * @param options `into`: where the product goes; new memory costs as much as many multiplications.
 * @throws {RangeError} where the inner sizes differ, or `into` has another shape than the product.
 */
export function multiply(
  A: Matrix,
  B: Matrix,
  { transposeA = false, transposeB = false, into }: {
    transposeA?: boolean;
    transposeB?: boolean;
    into?: Matrix;
  } = {},
): Matrix {
  const [rows, inner] = transposeA ? [A.columns, A.rows] : [A.rows, A.columns];
  const [innerB, columns] = transposeB ? [B.columns, B.rows] : [B.rows, B.columns];
  if (inner !== innerB) {
    throw new RangeError(
      `Cannot multiply ${shape(A)}${transposeA ? " transposed" : ""} by ${shape(B)}${
        transposeB ? " transposed" : ""
      }: ${inner} columns meet ${innerB} rows`,
    );
  }
  const product = into ?? zeros(rows, columns);
  if (product.rows !== rows || product.columns !== columns) {
    throw new RangeError(`The product is ${rows} × ${columns}, and into is ${shape(product)}`);
  }
  if (inner === 0) product.data.fill(0);
  if (rows * inner * columns > 0) {
    kernelsFor(rows * inner * columns).multiply(A, B, { transposeA, transposeB, product });
  }
  return product;
}

/** A v. */
export function multiplyVector(A: Matrix, v: ArrayLike<number>): Float64Array {
  if (v.length !== A.columns) {
    throw new RangeError(`Cannot multiply ${shape(A)} by a vector of ${v.length} entries`);
  }
  return Float64Array.from({ length: A.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < A.columns; j++) sum += A.data[i * A.columns + j] * v[j];
    return sum;
  });
}

/**
 * The lower triangular L with A = L Lᵀ.
 *
 * @throws {NotPositiveDefiniteError} where A is not positive definite.
 */
export function cholesky(A: Matrix): Matrix {
  const n = square("cholesky", A);
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
 * @throws {RangeError} where A has fewer rows than columns.
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

/** L⁻¹ B, or L⁻ᵀ B, for a lower triangular L; B has one right-hand side a column. */
export function solveTriangular(
  L: Matrix,
  B: Matrix,
  { transposed = false }: { transposed?: boolean } = {},
): Matrix {
  const n = square("solveTriangular", L);
  if (B.rows !== n) throw new RangeError(`Cannot solve ${shape(L)} for ${shape(B)}: rows differ`);
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
  let sum = 0;
  for (let i = 0; i < L.rows; i++) sum += 2 * Math.log(L.data[i * L.rows + i]);
  return sum;
}

/** A = V diag(values) Vᵀ for a symmetric A: eigenvalues ascending, eigenvectors as columns. */
export function symmetricEigen(A: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = square("symmetricEigen", A);
  return kernelsFor(n ** 3).symmetricEigen(A);
}

/** A = U diag(s) Vᵀ, thin, singular values descending. */
export function svd(A: Matrix): { U: Matrix; s: Float64Array; V: Matrix } {
  return kernelsFor(A.rows * A.columns * Math.min(A.rows, A.columns)).svd(A);
}

/** The sum of all entries, in any order; by the faster kernels at any size, as calling them costs a microsecond. */
export function total(A: Matrix): number {
  checkMatrix(A);
  return kernelsFor(Infinity).sum(A.data);
}

function square(name: string, A: Matrix): number {
  if (A.rows !== A.columns) {
    throw new RangeError(`${name}() needs a square matrix, got ${shape(A)}`);
  }
  return A.rows;
}
