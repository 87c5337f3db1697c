/**
 * Dense float64 linear algebra: matrices stored by rows, products, Cholesky factors, eigenvalues, singular values, and
 * reductions of rows. Shapes and finite entries are checked at the door. It runs in plain JavaScript; importing
 * `lib/native.ts` lets OpenBLAS serve the problems that are large enough.
 *
 * ```ts
 * import { cholesky, choleskySolve, matrix } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = matrix([[4, 2], [2, 3]]);
 * const x = choleskySolve(cholesky(A), matrix([[8], [7]])); // A x = [8, 7]
 * assertAlmostEquals(x.data[0], 1.25);
 * assertAlmostEquals(x.data[1], 1.5);
 * ```
 *
 * @module
 */
// Matrices
export {
  checkFloatMatrix,
  checkMatrix,
  column,
  columnRange,
  diagonal,
  float64Rows,
  type FloatMatrix,
  identity,
  type Matrix,
  matrix,
  row,
  rowBlocks,
  rowRange,
  selectRows,
  shape,
  vector,
  zeros,
} from "./matrix.ts";
// Sums and products
export { add, centred, dot, scaled, transpose } from "./matrix.ts";
export { multiply, multiplyVector, total } from "./products.ts";
export { sum } from "./reductions.ts";
// Positive definite and triangular matrices
export {
  cholesky,
  choleskyLogDeterminant,
  choleskyOfGram,
  choleskySolve,
  NotPositiveDefiniteError,
  solveTriangular,
} from "./cholesky.ts";
// Eigenvalues and singular values
export { svd, symmetricEigen } from "./decompositions.ts";
export { symmetricEigenOfSum } from "./eigen_of_sum.ts";
// Row by row
export {
  exponentialSums,
  largest,
  logSumExp,
  positiveRowNorms,
  rowNorms,
  softmax,
  unitRows,
} from "./rows.ts";
export { kthNearest, nearest, type Points, pointsOf } from "./distances.ts";
