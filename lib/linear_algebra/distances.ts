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
  /** The points, one a row. */
  readonly points: Matrix;
  /** The square of each length. */
  readonly squares: Float64Array;
  /** The largest of them. */
  readonly largestSquare: number;
}

/** `points`, ready for distances to them. */
export function pointsOf(points: Matrix): Points {
  const squares = rowNorms(points).map((norm) => norm ** 2);
  return { points, squares, largestSquare: squares.reduce((a, b) => Math.max(a, b), 0) };
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
  const { points, squares } = to,
    { data, columns } = multiply(A, points, { transposeB: true, into });
  const slack = slacks(A, to);
  const index = new Int32Array(A.rows).fill(-1);
  const squaredDistances = new Float64Array(A.rows).fill(NaN);
  for (let i = 0, from = 0; i < A.rows; i++, from += columns) {
    let least = Infinity, second = Infinity, place = -1;
    for (let j = 0; j < columns; j++) {
      const value = squares[j] - 2 * data[from + j]; // ‖a − b‖² − ‖a‖²
      if (!(value < second)) continue;
      if (value < least) {
        second = least;
        least = value;
        place = j;
      } else second = value;
    }
    const most = least + slack[i];
    if (!(least <= most)) continue; // not a number
    const alone = second > most;
    for (let j = alone ? place : 0; j < (alone ? place + 1 : columns); j++) {
      if (squares[j] - 2 * data[from + j] > most) continue;
      const distance = squaredDistance(A, i, points, j);
      if (distance >= squaredDistances[i]) continue;
      squaredDistances[i] = distance;
      index[i] = j;
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
  const { points, squares } = to, products = multiply(A, points, { transposeB: true, into });
  const slack = slacks(A, to), N = points.rows;
  const best = new Float64Array(k + 1), places = new Int32Array(k + 1);
  return slack.map((slack, i) => {
    const product = row(products, i);
    leastOf(product, squares, best, places);
    const low = best[k - 1] - slack, high = best[k - 1] + slack;
    if (!(low <= high)) return NaN;
    // Of those that may be the k-th; there is none beyond `places` where the one after the k-th is no such.
    const few = best[k] > high, distances: number[] = [];
    let nearer = 0;
    for (let at = 0; at < (few ? k : N); at++) {
      const j = few ? places[at] : at, value = squares[j] - 2 * product[j];
      if (value < low) nearer++;
      else if (value <= high) distances.push(squaredDistance(A, i, points, j));
    }
    return distances.sort((a, b) => a - b)[k - 1 - nearer];
  });
}

/** How far rounding may move the difference of two values ‖b‖² − 2 aᵀb, of each row a. */
function slacks(A: Matrix, { largestSquare }: Points): Float64Array {
  const relative = 4 * A.columns * Number.EPSILON;
  return rowNorms(A).map((norm) => relative * (norm ** 2 + largestSquare));
}

/** The least of ‖b_j‖² − 2 aᵀb_j, ascending, as many as `best` has room for, and their `places`; beyond the last, infinities. */
function leastOf(
  products: Float64Array,
  squares: Float64Array,
  best: Float64Array,
  places: Int32Array,
): void {
  best.fill(Infinity);
  const last = best.length - 1;
  for (let j = 0; j < products.length; j++) {
    const value = squares[j] - 2 * products[j];
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
