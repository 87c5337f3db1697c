/**
 * The distance to the k-th nearest training image.
 *
 * @module
 */
import {
  type FloatMatrix,
  kthNearest,
  type Matrix,
  pointsOf,
  positiveRowNorms,
  rowBlocks,
  zeros,
} from "../linear_algebra/mod.ts";
import { checkOptions, checkWhole } from "../checks.ts";
import { type Detector, detector } from "./detector.ts";

/**
 * k-nearest neighbours: −‖f/‖f‖ − g/‖g‖‖², in [−4, 0], where g is the k-th nearest training feature of all. Needs
 * features, those of the training images themselves.
 *
 * @param options `k`: from 1 to the number of training images. 50 is usual for the 50,000 of CIFAR; keep its share of a
 * smaller sample.
 * @throws {RangeError} where `k` is out of range, or a feature is all zeros and so has no direction.
 * Source: Sun, Ming, Zhu and Li, "Out-of-distribution detection with deep nearest neighbors" (ICML 2022), eq. 1, with
 * the distance squared.
 */
export function nearestNeighbours(options: { k?: number } = {}): Detector {
  const { k = 50 } = checkOptions("nearestNeighbours()", options, ["k"]);
  checkWhole("k", k, { least: 1 });
  return detector("Nearest neighbours", {
    needs: { training: ["features"], images: ["features"] },
    estimate({ features }) {
      checkWhole("k, of the training images,", k, { least: 1, most: features.rows });
      const centre = meanUnit(features), training = zeros(features.rows, features.columns);
      for (const { first, block } of rowBlocks(features, 512)) {
        const from = first * block.columns, to = from + block.data.length;
        centredUnits(block, centre, { first, into: training.data.subarray(from, to) });
      }
      return { centre, training: pointsOf(training) };
    },
    evaluate({ features }, { centre, training }, { first, scratch }) {
      const { rows, columns } = features, units = scratch("units", rows, columns);
      centredUnits(features, centre, { first, into: units.data });
      const into = scratch("products", rows, training.points.rows);
      return kthNearest(units, training, { k, into }).map((squared) => -squared);
    },
  });
}

/** The mean of f/‖f‖. */
function meanUnit(features: FloatMatrix): Float64Array {
  const { rows, columns } = features, mean = new Float64Array(columns);
  for (const { first, block } of rowBlocks(features, 512)) {
    const norms = positiveRowNorms(block, first);
    for (let i = 0, k = 0; i < block.rows; i++) {
      for (let j = 0; j < columns; j++, k++) mean[j] += block.data[k] / norms[i] / rows;
    }
  }
  return mean;
}

/** f/‖f‖ − `centre` of each row f: features that all point nearly one way keep what tells them apart. */
function centredUnits(
  features: Matrix,
  centre: Float64Array,
  { first, into }: { first: number; into: Float64Array },
): void {
  const norms = positiveRowNorms(features, first), { rows, columns, data } = features;
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) into[k] = data[k] / norms[i] - centre[j];
  }
}
