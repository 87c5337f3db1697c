/**
 * NECO: how much of a feature lies in the directions in which the training features vary most.
 *
 * @module
 */
import {
  columnRange,
  largest,
  type Matrix,
  multiply,
  rowNorms,
  symmetricEigenOfSum,
} from "../linear_algebra/mod.ts";
import { weightedClassMeans } from "../metrics/feature_statistics.ts";
import { checkOptions, checkWhole } from "../checks.ts";
import { type Detector, detector } from "./detector.ts";

/**
 * NECO: ‖Pᵀz‖ / ‖z‖, in [0, 1], where z = (f − μ_G) / σ is the standardised feature and P has the first `dimension`
 * principal components of the standardised training features. At full collapse the class means span C − 1 dimensions
 * and out-of-distribution features are orthogonal to them. Needs features, and labels or statistics.
 *
 * A feature that is constant in training is centred and not divided; an image that equals μ_G scores 1.
 *
 * @param options `dimension`: principal components, 1 to D; 100, or half of D where that is less. `standardise`: divide by σ; otherwise z = f − μ_G.
 * `timesMaximumLogit`: multiply by the largest logit, which the authors do for transformers and not for ResNets.
 * @throws {RangeError} in `fit`, where `dimension` is not a whole number from 1 to D, or the training features vary in
 * fewer dimensions.
 * Source: Ben Ammar, Belkhir, Popescu, Manzanera and Franchi, "NECO: neural collapse based out-of-distribution
 * detection" (ICLR 2024), with the settings of the authors' code.
 */
export function neco(
  options: { dimension?: number; standardise?: boolean; timesMaximumLogit?: boolean } = {},
): Detector {
  const { dimension, standardise = true, timesMaximumLogit = false } = checkOptions(
    "neco()",
    options,
    ["dimension", "standardise", "timesMaximumLogit"],
  );
  if (dimension !== undefined) checkWhole("dimension", dimension, { least: 1 });
  return detector("NECO", {
    needs: {
      training: ["statistics"],
      images: timesMaximumLogit ? ["features", "logits"] : ["features"],
    },
    estimate({ statistics }) {
      const { mean, totalCovariance, withinClassCovariance } = statistics, D = mean.length;
      const size = dimension ?? Math.min(100, Math.ceil(D / 2));
      checkWhole("dimension, of the features,", size, { least: 1, most: D });
      const scale = mean.map((_, j) => {
        const variance = totalCovariance.data[j * (D + 1)];
        return standardise && variance > 0 ? 1 / Math.sqrt(variance) : 1;
      });
      const scaled = (A: Matrix) => ({ ...A, data: A.data.map((a, k) => a * scale[k % D]) });
      const covariance = scaled(withinClassCovariance);
      covariance.data.forEach((entry, k) => covariance.data[k] = entry * scale[Math.floor(k / D)]);
      const { vectors, rank } = symmetricEigenOfSum( // ascending
        covariance,
        scaled(weightedClassMeans(statistics)),
      );
      if (rank < size) {
        throw new RangeError(
          `The training features vary in ${rank} of ${D} dimensions, and NECO's dimension is ${size}: ` +
            "give more different images, or a lower dimension",
        );
      }
      // Pᵀz = Rᵀ(f − μ_G) with R = diag(1 / σ) P
      const R = columnRange(vectors, D - size, D);
      for (let k = 0; k < R.data.length; k++) R.data[k] *= scale[Math.floor(k / size)];
      return { mean, scale, R };
    },
    evaluate(outputs, { mean, scale, R }, { scratch }) {
      const { rows, columns } = outputs.features;
      const { deviations, norms } = scaledDeviations(outputs.features, mean, scale, {
        into: scratch("deviations", rows, columns),
      });
      const into = scratch("coordinates", rows, R.columns);
      const principal = rowNorms(multiply(deviations, R, { into }));
      const ratios = principal.map((norm, i) => norms[i] === 0 ? 1 : Math.min(1, norm / norms[i]));
      if (!timesMaximumLogit) return ratios;
      const logits = largest(outputs.logits);
      return ratios.map((ratio, i) => ratio * logits[i]);
    },
  });
}

/** f − u of each row f, and ‖s ∘ (f − u)‖. */
function scaledDeviations(
  { rows, columns, data }: Matrix,
  u: Float64Array,
  s: Float64Array,
  { into }: { into: Matrix },
): { deviations: Matrix; norms: Float64Array } {
  const norms = new Float64Array(rows), deviations = into.data, odd = columns % 2;
  for (let i = 0; i < rows; i++) {
    let k = i * columns, s0 = 0, s1 = 0; // two, as an addition waits for the one before
    if (odd) s0 = (s[0] * (deviations[k] = data[k] - u[0])) ** 2;
    k += odd;
    for (let j = odd; j < columns; j += 2, k += 2) {
      const d0 = data[k] - u[j], d1 = data[k + 1] - u[j + 1], z0 = s[j] * d0, z1 = s[j + 1] * d1;
      deviations[k] = d0;
      deviations[k + 1] = d1;
      s0 += z0 * z0;
      s1 += z1 * z1;
    }
    norms[i] = Math.sqrt(s0 + s1);
  }
  return { deviations: into, norms };
}
