/**
 * Covariances of few images, moved towards a multiple of the identity so that they can be inverted.
 *
 * @module
 */
import { checkBetween } from "../checks.ts";
import type { FloatMatrix, Matrix } from "../linear_algebra/mod.ts";
import { deviationBlocks, type FeatureStatistics } from "./feature_statistics.ts";

/** (1 − λ) S + λ (tr S / D) I, with λ the `share`. */
export function shrunk(S: Matrix, share: number): Matrix {
  checkBetween("shrinkage", share, { low: 0, high: 1 });
  const D = S.rows, data = S.data.map((entry) => (1 - share) * entry);
  let trace = 0;
  for (let j = 0; j < D; j++) trace += S.data[j * (D + 1)];
  for (let j = 0; j < D; j++) data[j * (D + 1)] += share * trace / D;
  return { ...S, data };
}

/**
 * Ledoit and Wolf's share λ for the within-class covariance: the one of least expected squared error, estimated from the
 * images themselves.
 *
 * Source: Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", Journal of
 * Multivariate Analysis 88 (2004), as scikit-learn computes it from the deviations from the class means.
 */
export function ledoitWolfShare(
  { features, labels }: { features: FloatMatrix; labels: ArrayLike<number> },
  { classMeans, withinClassCovariance: S }: FeatureStatistics,
): number {
  const { rows: N, columns: D } = features;
  let fourth = 0; // Σ_i ‖f_i − μ_{y_i}‖⁴ / N
  for (const { deviations } of deviationBlocks(features, labels, classMeans)) {
    for (let i = 0, k = 0; i < deviations.rows; i++) {
      let squared = 0;
      for (let j = 0; j < D; j++, k++) squared += deviations.data[k] ** 2;
      fourth += squared ** 2 / N;
    }
  }
  let trace = 0, squares = 0;
  for (let j = 0; j < D; j++) trace += S.data[j * (D + 1)];
  for (const entry of S.data) squares += entry ** 2;
  const distance = squares - trace ** 2 / D; // ‖S − (tr S / D) I‖²
  return distance > 0 ? Math.min(1, (fourth - squares) / N / distance) : 0;
}
