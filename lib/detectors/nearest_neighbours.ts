/**
 * The distance to the k-th nearest training image.
 *
 * @module
 */
import { type Matrix, multiply, positiveRowNorms, unitRows } from "../linear_algebra/mod.ts";
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
      return unitRows(features);
    },
    evaluate({ features }, training, { first }) {
      const products = multiply(features, training, { transposeB: true }); // fᵀg/‖g‖
      // −‖a − b‖² = 2 aᵀb − 2 for unit vectors
      return positiveRowNorms(features, first)
        .map((norm, i) => 2 * kthLargest(products, i, k) / norm - 2);
    },
  });
}

/** The k-th largest entry of row i, by insertion into the k largest so far. */
function kthLargest({ columns, data }: Matrix, i: number, k: number): number {
  const best = new Float64Array(k).fill(-Infinity); // descending
  for (let at = i * columns; at < (i + 1) * columns; at++) {
    const value = data[at];
    if (value <= best[k - 1]) continue;
    let place = k - 1;
    for (; place > 0 && best[place - 1] < value; place--) best[place] = best[place - 1];
    best[place] = value;
  }
  return best[k - 1];
}
