/**
 * Points with class labels: what every classifier of this library is fitted to.
 *
 * @module
 */
import { type Matrix, selectRows, shape } from "../linear_algebra/mod.ts";

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
 * @throws {RangeError} where there are no points, a feature is not finite, the number of labels differs from the
 * number of points, a label is not one of 0 … `classes` − 1, or all labels are the same.
 */
export function checkLabelled<Data extends Labelled>(data: Data, classes = 2): Data {
  const { X, labels } = data;
  if (X.rows === 0) throw new RangeError("Cannot fit a classifier to no points");
  if (labels.length !== X.rows) {
    throw new RangeError(
      `Every point has one label: X is ${shape(X)} and there are ${labels.length} labels`,
    );
  }
  const broken = X.data.findIndex((x) => !Number.isFinite(x));
  if (broken >= 0) {
    const [i, j] = [Math.floor(broken / X.columns), broken % X.columns];
    throw new RangeError(`Features must be finite: X[${i}, ${j}] is ${X.data[broken]}`);
  }
  const odd = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (odd >= 0) {
    throw new RangeError(
      `Labels of ${classes} classes are 0 to ${classes - 1}: label ${odd} is ${labels[odd]}`,
    );
  }
  if (labels.every((label) => label === labels[0])) {
    throw new RangeError(
      `A classifier needs points of at least two classes, and all ${labels.length} labels are ${
        labels[0]
      }`,
    );
  }
  return data;
}

/** The points at `indices`, in that order. */
export function selected({ X, labels }: Labelled, indices: ArrayLike<number>): Labelled {
  return { X: selectRows(X, indices), labels: Int32Array.from(indices, (i) => labels[i]) };
}
