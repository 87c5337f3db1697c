/**
 * Reductions of each row of a matrix: lengths, largest entries, log-sum-exp and softmax.
 *
 * @module
 */
import { exponentials } from "./exponential.ts";
import { type Kernels, kernelsForRows } from "./kernels.ts";
import { checkMatrix, type Matrix, row, shape, zeros } from "./matrix.ts";
import { portable } from "./portable.ts";
import { sum } from "./reductions.ts";

/** Where a row is long enough for the faster kernels: shorter ones take no longer than the call. */
const LONG = 32;

function kernelsOf(A: Matrix): Kernels {
  checkMatrix(A);
  return A.columns < LONG ? portable : kernelsForRows();
}

/** max_k a_ik of each row i; NaN where an entry is infinite or NaN, −∞ where there is none. */
export function largest(A: Matrix): Float64Array {
  return kernelsOf(A).maxima(A);
}

/**
 * The largest entry m_i and s_i = Σ_k exp((a_ik − m_i) / T) of each row i, T the `temperature`: the largest softmax is
 * 1 / s_i, and T log Σ_k exp(a_ik / T) is m_i + T log s_i.
 */
export function exponentialSums(
  A: Matrix,
  { temperature = 1 }: { temperature?: number } = {},
): { m: Float64Array; s: Float64Array } {
  const { rows, columns, data } = A, m = largest(A);
  const s = new Float64Array(rows), terms = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const from = i * columns, to = from + columns;
    exponentials(data, { from, to, shift: m[i], scale: 1 / temperature }, terms, 0);
    s[i] = sum(terms);
  }
  return { m, s };
}

/** T log Σ_k exp(a_ik / T) of each row i, without overflow; T is the `temperature`. */
export function logSumExp(
  A: Matrix,
  { temperature = 1 }: { temperature?: number } = {},
): Float64Array {
  const { m, s } = exponentialSums(A, { temperature });
  return m.map((most, i) => most + temperature * Math.log(s[i]));
}

/**
 * exp a_ij / Σ_k exp a_ik, row by row, without overflow: the rows of the result are probabilities. They go `into` a
 * matrix of the same shape where one is given.
 */
export function softmax(
  A: Matrix,
  { into = zeros(A.rows, A.columns) }: { into?: Matrix } = {},
): Matrix {
  const { rows, columns, data } = A, m = largest(A), p = into.data;
  checkMatrix(into, "into");
  if (into.rows !== rows || into.columns !== columns) {
    throw new RangeError(`softmax() of ${shape(A)} goes into as many, got ${shape(into)}`);
  }
  for (let i = 0; i < rows; i++) {
    const from = i * columns, to = from + columns;
    exponentials(data, { from, to, shift: m[i] }, p, from);
    const scale = 1 / sum(p, from, to);
    for (let k = from; k < to; k++) p[k] *= scale;
  }
  return into;
}

/** The Euclidean length of each row, also where its square would overflow or vanish. */
export function rowNorms(A: Matrix): Float64Array {
  return kernelsOf(A).squaredNorms(A).map((square, i) =>
    square > 1e-280 && square < Infinity ? Math.sqrt(square) : scaledNorm(row(A, i))
  );
}

/** ‖a‖ by the largest entry. */
function scaledNorm(a: Float64Array): number {
  let most = 0, sum = 0;
  for (const entry of a) most = Math.max(most, Math.abs(entry));
  if (most === 0 || !Number.isFinite(most)) return most;
  for (const entry of a) sum += (entry / most) ** 2;
  return most * Math.sqrt(sum);
}

/**
 * The Euclidean length of each row, where every row must have a direction; the message calls the first row `first`.
 *
 * @throws {RangeError} where a row is all zeros.
 */
export function positiveRowNorms(A: Matrix, first = 0): Float64Array {
  const norms = rowNorms(A), zero = norms.indexOf(0);
  if (zero >= 0) {
    throw new RangeError(`Row ${first + zero} is all zeros, and zeros have no direction`);
  }
  return norms;
}

/**
 * A with each row divided by its length.
 *
 * @throws {RangeError} where a row is all zeros.
 */
export function unitRows(A: Matrix): Matrix {
  const norms = positiveRowNorms(A);
  const result = { ...A, data: A.data.slice() };
  norms.forEach((norm, i) => {
    const unit = row(result, i);
    for (let j = 0; j < unit.length; j++) unit[j] /= norm;
  });
  return result;
}
