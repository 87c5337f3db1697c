/**
 * Class means and covariances of a network's features: what neural collapse is measured on, and what the
 * distance-based detectors are fitted on.
 *
 * N images, D features, C classes.
 *
 * @module
 */
import { checkMatrix, type Matrix, multiply, row, total, zeros } from "../linear_algebra/mod.ts";

/** Means and covariances of labelled features; covariances are divided by N. */
export interface FeatureStatistics {
  /** Images a class, C. */
  readonly counts: Float64Array;
  /** The mean μ_G of all images, D. */
  readonly mean: Float64Array;
  /** The mean μ_c of each class, C × D. */
  readonly classMeans: Matrix;
  /** Σ_W = 1/N Σ_i (f_i − μ_{y_i}) (f_i − μ_{y_i})ᵀ, D × D. */
  readonly withinClassCovariance: Matrix;
  /** Σ_T = 1/N Σ_i (f_i − μ_G) (f_i − μ_G)ᵀ = Σ_W + Σ_B, D × D. */
  readonly totalCovariance: Matrix;
  /** tr Σ_W of each class alone: the mean of ‖f_i − μ_c‖² over its images, C. */
  readonly withinClassVariances: Float64Array;
}

/**
 * The statistics of `features` (N × D) with `labels` (N) of `classes` classes.
 *
 * @throws {RangeError} where the sizes differ, a label is no class or a class has no image.
 * @example
 * ```ts
 * import { featureStatistics } from "./feature_statistics.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { classMeans, withinClassVariances } = featureStatistics(
 *   matrix([[0, 1], [2, 1], [5, 5]]),
 *   [0, 0, 1],
 * );
 * assertEquals([...classMeans.data], [1, 1, 5, 5]);
 * assertEquals([...withinClassVariances], [1, 0]);
 * ```
 */
export function featureStatistics(
  features: Matrix,
  labels: ArrayLike<number>,
  { classes }: { classes?: number } = {},
): FeatureStatistics {
  const { rows: N, columns: D } = features;
  checkLabels(labels, { N, classes });
  checkFinite(features, "features");
  const C = classes ?? Array.from(labels).reduce((most, label) => Math.max(most, label + 1), 0);

  const counts = new Float64Array(C), classMeans = zeros(C, D), mean = new Float64Array(D);
  for (let i = 0; i < N; i++) {
    counts[labels[i]]++;
    const f = row(features, i), sum = row(classMeans, labels[i]);
    for (let j = 0; j < D; j++) sum[j] += f[j];
  }
  for (let c = 0; c < C; c++) {
    if (counts[c] === 0) {
      throw new RangeError(`Every class needs an image, and class ${c} of ${C} has none`);
    }
    const sum = row(classMeans, c);
    for (let j = 0; j < D; j++) {
      mean[j] += sum[j] / N;
      sum[j] /= counts[c];
    }
  }

  const deviations = zeros(N, D), withinClassVariances = new Float64Array(C);
  for (let i = 0; i < N; i++) {
    const f = row(features, i), mu = row(classMeans, labels[i]), deviation = row(deviations, i);
    let squared = 0;
    for (let j = 0; j < D; j++) squared += (deviation[j] = f[j] - mu[j]) ** 2;
    withinClassVariances[labels[i]] += squared / counts[labels[i]];
  }
  const withinClassCovariance = multiply(deviations, deviations, { transposeA: true });
  for (let k = 0; k < D * D; k++) withinClassCovariance.data[k] /= N;

  const statistics = { counts, mean, classMeans, withinClassCovariance, withinClassVariances };
  const between = betweenClassCovariance(statistics).data;
  return {
    ...statistics,
    totalCovariance: {
      rows: D,
      columns: D,
      data: withinClassCovariance.data.map((w, k) => w + between[k]),
    },
  };
}

/** Σ_B = Σ_c N_c/N (μ_c − μ_G) (μ_c − μ_G)ᵀ, D × D, of rank C − 1 at most. */
export function betweenClassCovariance(
  { counts, ...statistics }: Pick<FeatureStatistics, "counts" | "mean" | "classMeans">,
): Matrix {
  const N = counts.reduce((sum, count) => sum + count, 0);
  const weighted = centredClassMeans(statistics);
  counts.forEach((count, c) => {
    const deviation = row(weighted, c);
    for (let j = 0; j < deviation.length; j++) deviation[j] *= Math.sqrt(count / N);
  });
  return multiply(weighted, weighted, { transposeA: true });
}

/** μ_c − μ_G, C × D. */
export function centredClassMeans(
  { mean, classMeans }: Pick<FeatureStatistics, "mean" | "classMeans">,
): Matrix {
  return { ...classMeans, data: classMeans.data.map((m, k) => m - mean[k % mean.length]) };
}

/**
 * Refuses what is no matrix (see `checkMatrix`), or one with an entry that is NaN or infinite; the message calls it `name`, and
 * its first row image `first`.
 *
 * @throws {TypeError | RangeError}
 */
export function checkFinite(A: Matrix, name: string, first = 0): void {
  checkMatrix(A, name);
  if (Number.isFinite(total(A))) return;
  const { columns, data } = A;
  for (let k = 0; k < data.length; k++) {
    if (Number.isFinite(data[k])) continue;
    throw new RangeError(
      `The ${name} of image ${first + Math.floor(k / columns)} have the entry ${
        data[k]
      }: all must be finite`,
    );
  }
}

function checkLabels(
  labels: ArrayLike<number>,
  { N, classes = Infinity }: { N: number; classes?: number },
): void {
  if (labels.length !== N || N === 0) {
    throw new RangeError(`There is one label an image: got ${N} images, ${labels.length} labels`);
  }
  for (let i = 0; i < N; i++) {
    if (!Number.isInteger(labels[i]) || labels[i] < 0 || labels[i] >= classes) {
      throw new RangeError(
        `A label is a whole number from 0 to ${classes - 1}, and label ${i} is ${labels[i]}`,
      );
    }
  }
}
