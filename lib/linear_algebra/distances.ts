/**
 * Distances between rows, right to the last digits also where the rows are far longer than their distances.
 *
 * ‖a − b‖² = ‖a‖² − 2 aᵀb + ‖b‖² costs one matrix product and loses what the parts have in common. So it only tells which
 * rows can be meant, and the distance to those is computed from their differences.
 *
 * @module
 */
import { type Matrix, row } from "./matrix.ts";
import { multiply } from "./products.ts";
import { rowNorms } from "./rows.ts";

/** Rows of which distances are asked, with the squares of their lengths. */
export interface Points {
  readonly points: Matrix;
  readonly squares: Float64Array;
  readonly largestSquare: number;
}

/** `points`, ready for distances to them. */
export function pointsOf(points: Matrix): Points {
  const squares = rowNorms(points).map((norm) => norm ** 2);
  return { points, squares, largestSquare: squares.reduce((a, b) => Math.max(a, b), 0) };
}

/** ‖b_j‖² − 2 a_iᵀb_j, which differs from ‖a_i − b_j‖² by ‖a_i‖², and how far rounding may move a difference of two. */
interface Approximate {
  readonly values: Matrix;
  readonly slack: Float64Array;
}

function approximate(
  A: Matrix,
  { points, squares, largestSquare }: Points,
  into?: Matrix,
): Approximate {
  const values = multiply(A, points, { transposeB: true, into }), { rows, columns, data } = values;
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) data[k] = squares[j] - 2 * data[k];
  }
  const relative = 4 * A.columns * Number.EPSILON;
  return { values, slack: rowNorms(A).map((norm) => relative * (norm ** 2 + largestSquare)) };
}

/**
 * Of each row of A the nearest of the points, and the square of its distance; NaN, of none, where the row is not finite.
 *
 * @param options `into`: memory for as many products as A has rows and there are points.
 */
export function nearest(
  A: Matrix,
  to: Points,
  { into }: { into?: Matrix } = {},
): { index: Int32Array; squaredDistances: Float64Array } {
  const { values: { columns, data }, slack } = approximate(A, to, into);
  const index = new Int32Array(A.rows).fill(-1);
  const squaredDistances = new Float64Array(A.rows).fill(NaN);
  for (let i = 0; i < A.rows; i++) {
    const from = i * columns;
    let least = Infinity;
    for (let k = from; k < from + columns; k++) if (data[k] < least) least = data[k];
    const most = least + slack[i];
    let best = Infinity;
    for (let j = 0; j < columns; j++) {
      if (!(data[from + j] <= most)) continue;
      const distance = squaredDistance(A, i, to.points, j);
      if (distance < best) {
        best = squaredDistances[i] = distance;
        index[i] = j;
      }
    }
  }
  return { index, squaredDistances };
}

/** The square of the distance of each row of A to the k-th nearest of the points; NaN where the row is not finite. */
export function kthNearest(
  A: Matrix,
  to: Points,
  { k, into }: { k: number; into?: Matrix },
): Float64Array {
  const { values, slack } = approximate(A, to, into);
  const best = new Float64Array(k + 1), places = new Int32Array(k + 1);
  return Float64Array.from({ length: A.rows }, (_, i) => {
    const row_ = row(values, i);
    leastOf(row_, best, places);
    const low = best[k - 1] - slack[i], high = best[k - 1] + slack[i];
    if (!(low <= high)) return NaN;
    // Of those that may be the k-th; there is none beyond `places` where the one after the k-th is no such.
    const among = best[k] > high ? places.subarray(0, k) : row_.keys();
    const distances: number[] = [];
    let nearer = 0;
    for (const j of among) {
      if (row_[j] < low) nearer++;
      else if (row_[j] <= high) distances.push(squaredDistance(A, i, to.points, j));
    }
    return distances.sort((a, b) => a - b)[k - 1 - nearer];
  });
}

/** The least of `values`, ascending, as many as `best` has room for, and their `places`; beyond the last, infinities. */
function leastOf(values: Float64Array, best: Float64Array, places: Int32Array): void {
  best.fill(Infinity);
  const last = best.length - 1;
  for (let j = 0; j < values.length; j++) {
    const value = values[j];
    if (!(value < best[last])) continue;
    let place = last;
    for (; place > 0 && best[place - 1] > value; place--) {
      best[place] = best[place - 1];
      places[place] = places[place - 1];
    }
    best[place] = value;
    places[place] = j;
  }
}

/** ‖a_i − b_j‖². */
function squaredDistance(A: Matrix, i: number, B: Matrix, j: number): number {
  const D = A.columns, a = A.data, b = B.data, odd = D % 2;
  let from = i * D, to = j * D, s0 = 0, s1 = 0;
  if (odd) s0 = (a[from++] - b[to++]) ** 2;
  for (let k = odd; k < D; k += 2, from += 2, to += 2) {
    const d0 = a[from] - b[to], d1 = a[from + 1] - b[to + 1];
    s0 += d0 * d0;
    s1 += d1 * d1;
  }
  return s0 + s1;
}
