/**
 * ViM: the energy, less the norm of the residual as if it were one more logit.
 *
 * @module
 */
import { largest, logSumExp, type Matrix, sum } from "../linear_algebra/mod.ts";
import { checkNumber, checkOptions } from "../checks.ts";
import { type Detector, detector } from "./detector.ts";
import { projectedNorms, type Projection } from "./projection.ts";
import { residualSpace } from "./residual.ts";

/**
 * ViM, virtual-logit matching: log Σ_c exp z_c − α ‖Rᵀ(f − u)‖, with the residual's R and u. α makes the virtual logit
 * as large as the largest one: mean max_c z_c / mean ‖Rᵀ(f − u)‖ over training images. Needs features, logits, the
 * classifier, and labels or statistics.
 *
 * @param options `dimension` of the principal subspace, under D: see `principalDimension`. `alpha`: α where it is known,
 * which spares the training features and logits.
 * @throws {RangeError} in `fit`, where `dimension` is not a whole number from 0 to D − 1, or the residuals of the
 * training images are all 0.
 * Source: Wang, Li, Feng and Zhang, "ViM: out-of-distribution with virtual-logit matching" (CVPR 2022), eq. 4 to 8.
 */
export function vim(
  options: { dimension?: number; alpha?: number } = {},
): Detector {
  const { dimension, alpha } = checkOptions("vim()", options, ["dimension", "alpha"]);
  if (alpha !== undefined) checkNumber("alpha", alpha);
  return detector("ViM", {
    needs: {
      training: alpha === undefined
        ? ["statistics", "lastLayer", "features", "logits"]
        : ["statistics", "lastLayer"],
      images: ["features", "logits"],
    },
    estimate({ statistics, lastLayer, ...training }) {
      const space = residualSpace(statistics, { lastLayer, dimension });
      return { space, alpha: alpha ?? virtualLogitScale(training, space) };
    },
    evaluate({ features, logits }, { space, alpha }, { scratch }) {
      const residuals = projectedNorms(features, space, { scratch });
      return logSumExp(logits).map((energy, i) => energy - alpha * residuals[i]);
    },
  });
}

/**
 * ViM's α = mean max_c z_c / mean ‖Rᵀ(f − u)‖ over the given images.
 *
 * @throws {RangeError} where all residuals are 0.
 */
export function virtualLogitScale(
  { features, logits }: { features: Matrix; logits: Matrix },
  space: Projection,
): number {
  const residuals = sum(projectedNorms(features, space));
  if (residuals === 0) {
    throw new RangeError(
      "ViM needs training features outside the principal subspace: lower its dimension",
    );
  }
  return sum(largest(logits)) / residuals;
}
