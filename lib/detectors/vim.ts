/**
 * ViM: the energy, less the norm of the residual as if it were one more logit.
 *
 * @module
 */
import { type FloatMatrix, largest, logSumExp, rowBlocks, sum } from "../linear_algebra/mod.ts";
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
 * training images are all 0, or their mean largest logit is not positive.
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
 * @throws {RangeError} where all residuals are 0, or the mean largest logit is not positive.
 */
export function virtualLogitScale(
  { features, logits }: { features: FloatMatrix; logits: FloatMatrix },
  space: Projection,
): number {
  let residuals = 0, logitSum = 0;
  for (const { block } of rowBlocks(features, 512)) residuals += sum(projectedNorms(block, space));
  for (const { block } of rowBlocks(logits, 512)) logitSum += sum(largest(block));
  if (residuals === 0) {
    throw new RangeError(
      "ViM needs training features outside the principal subspace: lower its dimension",
    );
  }
  if (!(logitSum > 0)) {
    throw new RangeError(
      `ViM's α is the mean largest logit over the mean residual, and that logit is ${
        logitSum / logits.rows
      } on training images, so that a residual would speak for an image: give { alpha }`,
    );
  }
  return logitSum / residuals;
}
