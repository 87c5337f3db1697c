/**
 * Products of matrices and vectors, and the sum of a matrix.
 *
 * @module
 */
import { kernelsFor, kernelsForRows } from "./kernels.ts";
import { checkMatrix, type Matrix, shape, zeros } from "./matrix.ts";

/**
 * A B, with either transposed on request.
 *
 * @param options `into`: where the product goes; new memory costs as much as many multiplications.
 * @throws {RangeError} where the inner sizes differ, or `into` has another shape than the product or shares the memory of
 * A or B.
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
  checkMatrix(A);
  checkMatrix(B);
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
  checkMatrix(product, "into");
  for (const [name, factor] of [["A", A], ["B", B]] as const) {
    if (overlap(product.data, factor.data)) {
      throw new RangeError(
        `The product cannot go into the memory of ${name}, from which it is computed: give into other memory`,
      );
    }
  }
  if (inner === 0) product.data.fill(0);
  if (rows * inner * columns > 0) {
    kernelsFor(rows * inner * columns).multiply(A, B, { transposeA, transposeB, product });
  }
  return product;
}

/** A v. */
export function multiplyVector(A: Matrix, v: ArrayLike<number>): Float64Array {
  checkMatrix(A);
  if (v.length !== A.columns) {
    throw new RangeError(`Cannot multiply ${shape(A)} by a vector of ${v.length} entries`);
  }
  return Float64Array.from({ length: A.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < A.columns; j++) sum += A.data[i * A.columns + j] * v[j];
    return sum;
  });
}

function overlap(a: Float64Array, b: Float64Array): boolean {
  return a.length > 0 && b.length > 0 && a.buffer === b.buffer &&
    a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

/** The sum of all entries, in any order. */
export function total(A: Matrix): number {
  checkMatrix(A);
  return kernelsForRows().sum(A.data);
}
