/**
 * ReAct: the energy after large features are cut off.
 *
 * @module
 */
import { logSumExp, multiply } from "../linear_algebra/mod.ts";
import { quantile } from "../metrics/quantile.ts";
import { checkBetween, checkNumber, checkOptions } from "../checks.ts";
import { type Detector, detector } from "./detector.ts";

/**
 * ReAct: log Σ_c exp z_c with z = W min(f, t) + b, where t is the `percentile` of all entries of all training features.
 * Needs features and the last layer.
 *
 * OpenOOD takes t from validation images; the paper from training images.
 *
 * @param options `percentile` in (0, 1]. `threshold`: t where it is known, which spares the training features.
 * @throws {RangeError} where `percentile` is out of range or `threshold` is not finite.
 * Source: Sun, Guo and Li, "ReAct: out-of-distribution detection with rectified activations" (NeurIPS 2021), eq. 3.
 */
export function react(
  options: { percentile?: number; threshold?: number } = {},
): Detector {
  const { percentile = 0.9, threshold } = checkOptions("react()", options, [
    "percentile",
    "threshold",
  ]);
  checkBetween("percentile", percentile, { low: 0, high: 1, open: ["low"] });
  if (threshold !== undefined) checkNumber("threshold", threshold);
  return detector("ReAct", {
    needs: {
      training: threshold === undefined ? ["lastLayer", "features"] : ["lastLayer"],
      images: ["features"],
    },
    estimate: ({ lastLayer, features }) => ({
      lastLayer,
      t: threshold ?? quantile(features.data, percentile),
    }),
    evaluate({ features: { rows, columns, data: f } }, { lastLayer, t }, { scratch }) {
      const { weights, bias } = lastLayer, clipped = scratch("clipped", rows, columns);
      for (let k = 0; k < f.length; k++) {
        const excess = f[k] - t;
        clipped.data[k] = f[k] - (excess + Math.abs(excess)) / 2; // min(f, t), without a branch
      }
      const into = scratch("logits", rows, weights.rows);
      const logits = multiply(clipped, weights, { transposeB: true, into });
      for (let i = 0, k = 0; i < rows; i++) {
        for (let c = 0; c < bias.length; c++, k++) logits.data[k] += bias[c];
      }
      return logSumExp(logits);
    },
  });
}
