/**
 * The angle between a feature and the nearest class mean.
 *
 * @module
 */
import { largest, multiply, positiveRowNorms, unitRows } from "../linear_algebra/mod.ts";
import { type Detector, detector } from "./detector.ts";

/**
 * Cosine to class mean: max_c cos(f, μ_c), in [−1, 1], uncentred. Needs features, and labels or statistics.
 *
 * @throws {RangeError} where a feature or a class mean is all zeros and so has no direction.
 * Source: Techapanurak, Suganuma and Okatani, "Hyperparameter-free out-of-distribution detection using cosine
 * similarity" (ACCV 2020), with class means in place of trained weights.
 */
export function classMeanCosine(): Detector {
  return detector("Cosine to class mean", {
    needs: { training: ["means"], images: ["features"] },
    estimate: ({ means }) => unitRows(means.classMeans),
    evaluate({ features }, means, { first, scratch }) {
      const norms = positiveRowNorms(features, first);
      const into = scratch("products", features.rows, means.rows);
      return largest(multiply(features, means, { transposeB: true, into }))
        .map((product, i) => Math.max(-1, Math.min(1, product / norms[i])));
    },
  });
}
