/**
 * NECO: how much of a feature lies in the directions in which the training features vary most.
 *
 * @module
 */
import { columnRange, largest, rowDistances, symmetricEigen } from "../linear_algebra/mod.ts";
import { checkOptions, checkWhole } from "../checks.ts";
import { type Detector, detector } from "./detector.ts";
import { projectedNorms, projection } from "./projection.ts";

/**
 * NECO: ‖Pᵀz‖ / ‖z‖, in [0, 1], where z = (f − μ_G) / σ is the standardised feature and P has the first `dimension`
 * principal components of the standardised training features. At full collapse the class means span C − 1 dimensions
 * and out-of-distribution features are orthogonal to them. Needs features, and labels or statistics.
 *
 * A feature that is constant in training is centred and not divided; an image that equals μ_G scores 1.
 *
 * @param options `dimension`: principal components, 1 to D. `standardise`: divide by σ; otherwise z = f − μ_G.
 * `timesMaximumLogit`: multiply by the largest logit, which the authors do for transformers and not for ResNets.
 * @throws {RangeError} in `fit`, where `dimension` is not a whole number from 1 to D.
 * Source: Ben Ammar, Belkhir, Popescu, Manzanera and Franchi, "NECO: neural collapse based out-of-distribution
 * detection" (ICLR 2024), with the settings of the authors' code.
 */
export function neco(
  options: { dimension?: number; standardise?: boolean; timesMaximumLogit?: boolean } = {},
): Detector {
  const { dimension = 100, standardise = true, timesMaximumLogit = false } = checkOptions(
    "neco()",
    options,
    ["dimension", "standardise", "timesMaximumLogit"],
  );
  checkWhole("dimension", dimension, { least: 1 });
  return detector("NECO", {
    needs: {
      training: ["statistics"],
      images: timesMaximumLogit ? ["features", "logits"] : ["features"],
    },
    estimate({ statistics: { mean, totalCovariance } }) {
      const D = mean.length;
      checkWhole("dimension, of the features,", dimension, { least: 1, most: D });
      const scale = mean.map((mu, j) => {
        const sigma = Math.sqrt(totalCovariance.data[j * (D + 1)]);
        return standardise && sigma > 1e-10 * Math.abs(mu) ? 1 / sigma : 1;
      });
      const covariance = totalCovariance.data.map((entry, k) =>
        entry * scale[Math.floor(k / D)] * scale[k % D]
      );
      const { vectors } = symmetricEigen({ ...totalCovariance, data: covariance }); // ascending
      const P = columnRange(vectors, D - dimension, D);
      // Pᵀz = Rᵀ(f − μ_G) with R = diag(1 / σ) P
      const R = { ...P, data: P.data.map((entry, k) => scale[Math.floor(k / dimension)] * entry) };
      return { mean, scale, principal: projection(R, mean) };
    },
    evaluate(outputs, { mean, scale, principal }, { scratch }) {
      const { features } = outputs, norms = rowDistances(features, mean, { scale });
      const ratios = projectedNorms(features, principal, { scratch })
        .map((it, i) => norms[i] === 0 ? 1 : it / norms[i]);
      if (!timesMaximumLogit) return ratios;
      const logits = largest(outputs.logits);
      return ratios.map((ratio, i) => ratio * logits[i]);
    },
  });
}
