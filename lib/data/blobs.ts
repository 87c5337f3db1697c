/**
 * Gaussian blobs: the problem that a straight line solves.
 *
 * @module
 */
import { checkNumbers, checkOptions, checkPositive, checkWhole, shown } from "../checks.ts";
import { type Matrix, zeros } from "../linear_algebra/mod.ts";
import { normals, permutation, type Random } from "../random.ts";
import { checkInputs, type Labelled } from "./labelled.ts";

/** The course's two centres. */
export const courseCentres = [[-2, -2], [2, 2]] as const;

/** What a set of blobs is made of. */
export interface BlobsOptions {
  /** How many points there are, equally many around each centre. */
  points?: number;
  /** The mean of each class, K of D coordinates. */
  centres?: readonly (readonly number[])[];
  /** Standard deviation around a centre, the same in every direction. */
  deviation?: number;
}

/**
 * `points` points in random order, those of class k drawn from N(centre_k, `deviation`² I); by default the course's set.
 *
 * @throws {RangeError} where the points cannot be shared equally, the centres differ in length, or the deviation is not
 * positive and finite.
 * Source: scikit-learn, `make_blobs`.
 */
export function blobs(random: Random, options: BlobsOptions = {}): Labelled {
  const { points, centres, deviation } = checked(options), D = centres[0].length;
  const noise = normals(random, points * D, { deviation }), order = permutation(random, points);
  const X = zeros(points, D), labels = new Int32Array(points);
  order.forEach((source, n) => {
    labels[n] = source % centres.length;
    for (let d = 0; d < D; d++) X.data[n * D + d] = centres[labels[n]][d] + noise[source * D + d];
  });
  return { X, labels };
}

/**
 * p(class k | x) of the process that `blobs()` draws from, for each row of X (N × D): N × K. No classifier does better.
 *
 * @throws {RangeError} where X has another number of columns than the centres.
 */
export function blobsProbability(X: Matrix, options: BlobsOptions = {}): Matrix {
  const { centres, deviation } = checked({ points: options.centres?.length ?? 2, ...options });
  const D = centres[0].length, K = centres.length, result = zeros(X.rows, K);
  checkInputs(X, { columns: D });
  for (let n = 0; n < X.rows; n++) {
    const exponents = centres.map((centre) =>
      -centre.reduce((sum, c, d) => sum + (X.data[n * D + d] - c) ** 2, 0) / (2 * deviation ** 2)
    );
    const largest = Math.max(...exponents);
    const densities = exponents.map((e) => Math.exp(e - largest));
    const total = densities.reduce((a, b) => a + b);
    result.data.set(densities.map((density) => density / total), n * K);
  }
  return result;
}

function checked(options: BlobsOptions) {
  const { points = 400, centres = courseCentres, deviation = 0.8 } = checkOptions(
    "blobs()",
    options,
    ["points", "centres", "deviation"],
  );
  if (!Array.isArray(centres as unknown) || centres.length < 2) {
    throw new TypeError(
      `centres are an array of at least two, each of D coordinates, got ${shown(centres)}`,
    );
  }
  centres.forEach((centre, k) =>
    checkNumbers(`centres[${k}]`, centre, { length: k > 0 ? centres[0].length : undefined })
  );
  checkWhole("points", points, { least: 1 });
  if (points % centres.length !== 0) {
    throw new RangeError(
      `The points are shared equally among ${centres.length} centres, and ${points} cannot be`,
    );
  }
  checkPositive("deviation", deviation);
  return { points, centres, deviation };
}
