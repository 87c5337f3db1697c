/**
 * The algorithms under the linear algebra: ml-matrix in plain JavaScript, or a faster set that registers itself.
 *
 * ml-matrix gives the same bits on every machine and serves all small problems. A faster set takes over only
 * from a size on, where it is worth its overhead.
 *
 * @module
 */
import {
  CholeskyDecomposition,
  EigenvalueDecomposition,
  Matrix as MlMatrix,
  QrDecomposition,
  SingularValueDecomposition,
} from "ml-matrix";
import { type Matrix, row } from "./matrix.ts";
import { maximum, sum, sumOfSquares } from "./reductions.ts";

/** What a set of kernels must offer; arguments are checked before it is called. */
export interface Kernels {
  readonly name: string;
  /** Puts A B, with either transposed on request, into `product`. */
  multiply(
    A: Matrix,
    B: Matrix,
    options: { transposeA: boolean; transposeB: boolean; product: Matrix },
  ): void;
  /** The lower triangular L with A = L Lᵀ, or null where A is not positive definite. */
  cholesky(A: Matrix): Matrix | null;
  /** Eigenvalues, ascending, and eigenvectors as columns, of a symmetric A. */
  symmetricEigen(A: Matrix): { values: Float64Array; vectors: Matrix };
  /** A = U diag(s) Vᵀ with s descending, thin. */
  svd(A: Matrix): { U: Matrix; s: Float64Array; V: Matrix };
  /** The sum of all entries, in any order. */
  sum(a: Float64Array): number;
  /** The largest entry of each row; NaN where one is infinite or NaN, −∞ where there is none. */
  maxima(A: Matrix): Float64Array;
  /** Σ_k a_ik² of each row i. */
  squaredNorms(A: Matrix): Float64Array;
}

const toMl = (A: Matrix) => MlMatrix.from1DArray(A.rows, A.columns, A.data as unknown as number[]);
const fromMl = (A: MlMatrix): Matrix => ({
  rows: A.rows,
  columns: A.columns,
  data: Float64Array.from(A.to1DArray()),
});

/** Plain JavaScript: ml-matrix. */
export const portable: Kernels = {
  name: "ml-matrix",
  multiply(A, B, { transposeA, transposeB, product }) {
    const left = transposeA ? toMl(A).transpose() : toMl(A);
    const right = transposeB ? toMl(B).transpose() : toMl(B);
    product.data.set(fromMl(left.mmul(right)).data);
  },
  cholesky(A) {
    const decomposition = new CholeskyDecomposition(toMl(A));
    return decomposition.isPositiveDefinite() ? fromMl(decomposition.lowerTriangularMatrix) : null;
  },
  symmetricEigen(A) {
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(toMl(A), {
      assumeSymmetric: true,
    });
    const vectors = fromMl(eigenvectorMatrix);
    const order = realEigenvalues.map((_, i) => i).sort((i, j) =>
      realEigenvalues[i] - realEigenvalues[j]
    );
    return {
      values: Float64Array.from(order, (i) => realEigenvalues[i]),
      vectors: {
        ...vectors,
        data: Float64Array.from(vectors.data, (_, k) => {
          const i = Math.floor(k / A.rows);
          return row(vectors, i)[order[k % A.rows]];
        }),
      },
    };
  },
  svd(A) {
    const svd = new SingularValueDecomposition(toMl(A), { autoTranspose: true });
    return {
      U: fromMl(svd.leftSingularVectors),
      s: Float64Array.from(svd.diagonal),
      V: fromMl(svd.rightSingularVectors),
    };
  },
  sum,
  maxima: (A) => eachRow(A, maximum),
  squaredNorms: (A) => eachRow(A, sumOfSquares),
};

function eachRow(
  { rows, columns, data }: Matrix,
  reduce: (entries: Float64Array, from: number, to: number) => number,
): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) result[i] = reduce(data, i * columns, (i + 1) * columns);
  return result;
}

/** The upper triangular R of A = Q R, in plain JavaScript, for A with at least as many rows as columns. */
export function triangleOfQr(A: Matrix): Matrix {
  return fromMl(new QrDecomposition(toMl(A)).upperTriangularMatrix);
}

let fast: { open: () => Kernels | undefined; atLeast: number } | undefined;

/**
 * Lets the kernels that `open` gives serve every problem whose arithmetic is at least that of an n × n × n product,
 * n = `atLeast`. It is called for each such problem, and gives none where they cannot be had.
 */
export function useFasterKernels(
  open: () => Kernels | undefined,
  { atLeast }: { atLeast: number },
): void {
  fast = { open, atLeast };
}

/** The kernels that serve a problem of `operations` multiplications. */
export function kernelsFor(operations: number): Kernels {
  return (fast && operations >= fast.atLeast ** 3 ? fast.open() : undefined) ?? portable;
}
