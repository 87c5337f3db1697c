/**
 * Points with class labels: what every classifier of this library is fitted to.
 *
 * @module
 */
import { checkLabels, checkNumbers, checkWhole, shown } from "../checks.ts";
import { checkMatrix, type Matrix, selectRows, shape } from "../linear_algebra/mod.ts";

/** N points in D dimensions, one a row of `X` (N × D), with their classes 0 … K − 1. */
export interface Labelled {
  /** The inputs, a point a row. */
  readonly X: Matrix;
  /** The class of each point, from 0. */
  readonly labels: Int32Array;
}

/**
 * `data`, once it is sure that a classifier of `classes` classes can be fitted to it.
 *
 * @throws {TypeError} where X is no matrix of numbers, or the labels are no numbers.
 * @throws {RangeError} where there are no points, a feature is not finite, the number of labels differs from the
 * number of points, a label is not one of 0 … `classes` − 1, or all labels are the same.
 */
export function checkLabelled<Data extends Labelled>(data: Data, classes = 2): Data {
  checkPoints(data, { classes });
  const { labels } = data;
  if (Array.prototype.every.call(labels, (label) => label === labels[0])) {
    throw new RangeError(
      `A classifier needs points of at least two classes, and all ${labels.length} labels are ${
        labels[0]
      }`,
    );
  }
  return data;
}

/**
 * `data`, once it is points with a label each, be they all of one class; their number is at least 1.
 *
 * @throws {TypeError | RangeError} as `checkLabelled()`.
 */
export function checkPoints<Data extends Labelled>(
  data: Data,
  { classes, columns }: { classes?: number; columns?: number } = {},
): Data {
  if (typeof data !== "object" || data === null) {
    throw new TypeError(`data are { X, labels }, points and their classes, got ${shown(data)}`);
  }
  if (classes !== undefined) checkWhole("classes", classes, { least: 2 });
  const { X, labels } = data;
  checkInputs(X, { columns });
  if (X.rows === 0) throw new RangeError("Cannot fit a classifier to no points: X has no rows");
  checkLabels(labels, { count: X.rows, classes });
  return data;
}

/**
 * `X`, once it is N × D finite numbers, with D = `columns` where that is known.
 *
 * @throws {TypeError} where it is no matrix of float64 numbers.
 * @throws {RangeError} where it has another number of columns, or an entry is not finite.
 */
export function checkInputs(
  X: Matrix,
  { columns, name = "X" }: { columns?: number; name?: string } = {},
): Matrix {
  if (typeof X !== "object" || X === null || !("data" in X)) {
    throw new TypeError(`${name} is a matrix, such as matrix([[1, 2], [3, 4]]), got ${shown(X)}`);
  }
  checkWhole(`${name}.rows`, X.rows);
  checkWhole(`${name}.columns`, X.columns);
  checkMatrix(X, name);
  if (columns !== undefined && X.columns !== columns) {
    throw new RangeError(
      `${name} is N × ${columns}, as what the model was fitted to, got ${shape(X)}`,
    );
  }
  const broken = X.data.findIndex((x) => !Number.isFinite(x));
  if (broken >= 0) {
    const [i, j] = [Math.floor(broken / X.columns), broken % X.columns];
    throw new RangeError(
      `${name} holds finite numbers, and ${name}[${i}, ${j}] is ${X.data[broken]}`,
    );
  }
  return X;
}

/**
 * The points at `indices`, in that order.
 *
 * @throws {TypeError | RangeError} where the data are no labelled points, or an index is none of them.
 */
export function selected(data: Labelled, indices: ArrayLike<number>): Labelled {
  const { X, labels } = checkPoints(data);
  checkNumbers("indices", indices);
  for (let i = 0; i < indices.length; i++) {
    checkWhole(`indices[${i}]`, indices[i], { most: X.rows - 1 });
  }
  return { X: selectRows(X, indices), labels: Int32Array.from(indices, (i) => labels[i]) };
}
