/**
 * The algorithms under the linear algebra: plain JavaScript, or a faster set once one is switched on.
 *
 * Plain JavaScript gives the same bits on every machine and serves all small problems. A faster set takes over only
 * from a size on, where it is worth its overhead.
 *
 * @module
 */
import type { Matrix } from "./matrix.ts";
import { portable } from "./portable.ts";

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

/** From problems of 64 × 64 × 64 on: below, plain JavaScript takes less than a millisecond. */
const SMALLEST = 64 ** 3;

/** Multiplications, about two seconds of plain JavaScript, after which a reader wants to know of a faster way. */
const MANY = 2e9;

/** The faster kernels, or in a sentence how to have them; nothing where they cannot be had. */
let faster: Kernels | string | undefined = "Deno" in globalThis
  ? 'import "@robust-deep-learning/lib/native" (lib/native.ts) to let OpenBLAS compute'
  : undefined;
let slowly = 0;

/**
 * Lets `kernels` serve every problem that is large enough. A sentence in their place says why there are none: it is told once, when
 * there has been much to compute.
 */
export function useFasterKernels(kernels: Kernels | string): void {
  faster = kernels;
}

/** The kernels that serve a problem of `operations` multiplications. */
export function kernelsFor(operations: number): Kernels {
  if (operations < SMALLEST) return portable;
  if (typeof faster === "object") return faster;
  slowly += operations;
  if (faster !== undefined && slowly >= MANY && slowly - operations < MANY) {
    console.warn(`Linear algebra runs in plain JavaScript, slowly: ${faster}`);
  }
  return portable;
}

/** The kernels that sum and look through rows, whatever their number: calling the faster ones costs a microsecond. */
export function kernelsForRows(): Kernels {
  return typeof faster === "object" ? faster : portable;
}
