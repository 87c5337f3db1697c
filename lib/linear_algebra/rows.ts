/**
 * What reduces each row of a matrix: lengths, largest entries and their smooth kin.
 *
 * @module
 */
import { exponentials } from "./exponential.ts";
import { type Matrix, row, zeros } from "./matrix.ts";

/** max_k a_ik of each row i. */
export function largest({ rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) result[i] = maximum(data, i * columns, (i + 1) * columns);
  return result;
}

/**
 * The largest entry m_i and s_i = Σ_k exp((a_ik − m_i) / T) of each row i, T the `temperature`: the largest softmax is
 * 1 / s_i, and T log Σ_k exp(a_ik / T) is m_i + T log s_i.
 */
export function exponentialSums(
  { rows, columns, data }: Matrix,
  { temperature = 1 }: { temperature?: number } = {},
): { m: Float64Array; s: Float64Array } {
  const m = new Float64Array(rows), s = new Float64Array(rows), terms = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const from = i * columns, to = from + columns, shift = maximum(data, from, to);
    exponentials(data, { from, to, shift, scale: 1 / temperature }, terms, 0);
    m[i] = shift;
    s[i] = sum(terms, 0, columns);
  }
  return { m, s };
}

/** T log Σ_k exp(a_ik / T) of each row i, without overflow; T is the `temperature`. */
export function logSumExp(A: Matrix, { temperature = 1 }: { temperature?: number } = {}) {
  const { m, s } = exponentialSums(A, { temperature });
  return m.map((most, i) => most + temperature * Math.log(s[i]));
}

/**
 * exp a_ij / Σ_k exp a_ik, row by row, without overflow: the rows of the result are probabilities. They go `into` a
 * matrix of the same shape where one is given.
 */
export function softmax(
  { rows, columns, data }: Matrix,
  { into = zeros(rows, columns) }: { into?: Matrix } = {},
): Matrix {
  const p = into.data;
  for (let i = 0; i < rows; i++) {
    const from = i * columns, to = from + columns, shift = maximum(data, from, to);
    exponentials(data, { from, to, shift }, p, from);
    const scale = 1 / sum(p, from, to);
    for (let k = from; k < to; k++) p[k] *= scale;
  }
  return into;
}

/** The Euclidean length of each row. */
export function rowNorms({ rows, columns, data }: Matrix): Float64Array {
  const norms = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    norms[i] = Math.sqrt(sumOfSquares(data, i * columns, (i + 1) * columns));
  }
  return norms;
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

/** The sum of the entries `from` to `to`, four at a time: an addition waits for the one before. */
export function sum(a: Float64Array, from = 0, to = a.length): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, k = from;
  for (; k + 3 < to; k += 4) {
    s0 += a[k];
    s1 += a[k + 1];
    s2 += a[k + 2];
    s3 += a[k + 3];
  }
  for (; k < to; k++) s0 += a[k];
  return s0 + s1 + s2 + s3;
}

function sumOfSquares(a: Float64Array, from: number, to: number): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, k = from;
  for (; k + 3 < to; k += 4) {
    s0 += a[k] * a[k];
    s1 += a[k + 1] * a[k + 1];
    s2 += a[k + 2] * a[k + 2];
    s3 += a[k + 3] * a[k + 3];
  }
  for (; k < to; k++) s0 += a[k] * a[k];
  return s0 + s1 + s2 + s3;
}

function maximum(a: Float64Array, from: number, to: number): number {
  let most = -Infinity;
  for (let k = from; k < to; k++) if (a[k] > most) most = a[k];
  return most;
}
