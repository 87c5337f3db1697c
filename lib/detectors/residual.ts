/**
 * The residual: what of a feature lies outside the subspace of the training features; half of ViM.
 *
 * @module
 */
import {
  columnRange,
  multiplyVector,
  svd,
  symmetricEigenOfSum,
  transpose,
} from "../linear_algebra/mod.ts";
import { type FeatureStatistics, weightedClassMeans } from "../metrics/feature_statistics.ts";
import type { LastLayer } from "../metrics/last_layer.ts";
import { checkOptions, checkWhole } from "../checks.ts";
import { type Detector, detector } from "./detector.ts";
import { projectedNorms, type Projection } from "./projection.ts";

/**
 * Residual: −‖Rᵀ(f − u)‖, 0 or less, where u = −W†b is where the logits vanish, and R has the eigenvectors of the second
 * moment of f − u over training images, beyond the first `dimension`. Needs features, the last layer, and labels or
 * statistics.
 *
 * @param options `dimension` of the principal subspace, under D: see `principalDimension`.
 * @throws {RangeError} in `fit`, where `dimension` is not a whole number from 0 to D − 1, or the training features span
 * fewer dimensions.
 * Source: Wang, Li, Feng and Zhang, "ViM: out-of-distribution with virtual-logit matching" (CVPR 2022), eq. 3.
 */
export function residual(options: { dimension?: number } = {}): Detector {
  const { dimension } = checkOptions("residual()", options, ["dimension"]);
  return detector("Residual", {
    needs: { training: ["statistics", "lastLayer"], images: ["features"] },
    estimate: ({ statistics, lastLayer }) => residualSpace(statistics, { lastLayer, dimension }),
    evaluate: ({ features }, space, { scratch }) =>
      projectedNorms(features, space, { scratch }).map((norm) => -norm),
  });
}

/**
 * Where the residual is measured: from u, in the space spanned by the columns of R, D × (D − dimension).
 *
 * @throws {RangeError} where `dimension` is not a whole number from 0 to D − 1, or the features span fewer dimensions.
 */
export function residualSpace(
  statistics: FeatureStatistics,
  { lastLayer, dimension = principalDimension(statistics.mean.length) }: {
    lastLayer: LastLayer;
    dimension?: number;
  },
): Projection {
  const D = statistics.mean.length;
  checkWhole("dimension, of the principal subspace,", dimension, { least: 0, most: D - 1 });
  const u = vanishingPoint(lastLayer);
  // E[(f − u)(f − u)ᵀ] = Σ_W + Σ_c N_c/N (μ_c − u)(μ_c − u)ᵀ
  const { vectors, rank } = symmetricEigenOfSum( // ascending
    statistics.withinClassCovariance,
    weightedClassMeans(statistics, { from: u }),
  );
  if (rank < dimension || statistics.totalCovariance.data.every((it) => it === 0)) {
    throw new RangeError(
      `The training features span ${rank} of ${D} dimensions, which leaves a residual beyond ${dimension} undetermined: ` +
        "give more different images, or a lower dimension",
    );
  }
  return { R: columnRange(vectors, 0, D - dimension), u };
}

/** The authors' rule for D features: 1000 from 2048 on, 512 from 768 on, else half of them. */
export function principalDimension(D: number): number {
  return D >= 2048 ? 1000 : D >= 768 ? 512 : Math.floor(D / 2);
}

/** u = −W† b, by the singular values of W. */
function vanishingPoint({ weights, bias }: LastLayer): Float64Array {
  const { U, s, V } = svd(weights);
  const least = Math.max(weights.rows, weights.columns) * Number.EPSILON * s[0];
  const coordinates = multiplyVector(transpose(U), bias).map((it, k) =>
    s[k] > least ? -it / s[k] : 0
  );
  return multiplyVector(V, coordinates);
}
