/**
 * Class means and covariances of a network's features: what neural collapse is measured on, and what the
 * distance-based detectors are fitted on.
 *
 * N images, D features, C classes.
 *
 * @module
 */
import { checkLabels, checkOptions, checkWhole } from "../checks.ts";
import {
  centred,
  checkFloatMatrix,
  type FloatMatrix,
  type Matrix,
  multiply,
  row,
  rowBlocks,
  total,
  zeros,
} from "../linear_algebra/mod.ts";

/** Images of each class and their means. */
export interface ClassMeans {
  /** Images a class, C. */
  readonly counts: Float64Array;
  /** The mean μ_G of all images, D. */
  readonly mean: Float64Array;
  /** The mean μ_c of each class, C × D. */
  readonly classMeans: Matrix;
}

/** Means and covariances of labelled features; covariances are divided by N. */
export interface FeatureStatistics extends ClassMeans {
  /** Σ_W = 1/N Σ_i (f_i − μ_{y_i}) (f_i − μ_{y_i})ᵀ, D × D. */
  readonly withinClassCovariance: Matrix;
  /** Σ_T = 1/N Σ_i (f_i − μ_G) (f_i − μ_G)ᵀ = Σ_W + Σ_B, D × D. */
  readonly totalCovariance: Matrix;
  /** tr Σ_W of each class alone: the mean of ‖f_i − μ_c‖² over its images, C. */
  readonly withinClassVariances: Float64Array;
}

/** Images whose deviations are in memory at a time. */
const BLOCK = 1024;

/**
 * The statistics of `features` (N × D) with `labels` (N) of `classes` classes; as many as the largest label tells where
 * `classes` is not given.
 *
 * @throws {RangeError} where the sizes differ, a label is no class or a class has no image.
 * @throws {TypeError} where features or labels are of another kind.
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
  features: FloatMatrix,
  labels: ArrayLike<number>,
  options: { classes?: number } = {},
): FeatureStatistics {
  const means = classMeansOf(features, labels, options);
  const { rows: N, columns: D } = features, { counts, classMeans } = means;
  const withinClassCovariance = zeros(D, D), withinClassVariances = new Float64Array(counts.length);
  const product = zeros(D, D);
  for (const { first, deviations } of deviationBlocks(features, labels, classMeans)) {
    multiply(deviations, deviations, { transposeA: true, into: product });
    for (let k = 0; k < D * D; k++) withinClassCovariance.data[k] += product.data[k] / N;
    for (let i = 0; i < deviations.rows; i++) {
      const label = labels[first + i], deviation = row(deviations, i);
      let squared = 0;
      for (let j = 0; j < D; j++) squared += deviation[j] ** 2;
      withinClassVariances[label] += squared / counts[label];
    }
  }
  const between = betweenClassCovariance(means).data;
  const totalCovariance = {
    rows: D,
    columns: D,
    data: withinClassCovariance.data.map((w, k) => w + between[k]),
  };
  return { ...means, withinClassCovariance, totalCovariance, withinClassVariances };
}

/**
 * The means of `features` (N × D) of each class and of all, where covariances are not needed.
 *
 * @throws {RangeError | TypeError} as `featureStatistics`.
 */
export function classMeansOf(
  features: FloatMatrix,
  labels: ArrayLike<number>,
  options: { classes?: number } = {},
): ClassMeans {
  const { classes } = checkOptions("featureStatistics()", options, ["classes"]);
  checkFinite(features, "features");
  const { rows: N, columns: D } = features;
  if (N === 0) throw new RangeError("Statistics need at least one image, and there is none");
  if (classes !== undefined) checkWhole("classes", classes, { least: 1 });
  checkLabels(labels, { count: N, classes });
  let C = classes ?? 0;
  if (classes === undefined) { for (let i = 0; i < N; i++) C = Math.max(C, labels[i] + 1); }

  const counts = new Float64Array(C);
  for (let i = 0; i < N; i++) counts[labels[i]]++;
  const empty = counts.indexOf(0);
  if (empty >= 0) {
    throw new RangeError(`Every class needs an image, and class ${empty} of ${C} has none`);
  }
  const classMeans = zeros(C, D);
  // Twice, as a long sum rounds: the second time of what is left to each mean of the first.
  for (let time = 0; time < 2; time++) {
    const sums = zeros(C, D);
    for (const { first, deviations } of deviationBlocks(features, labels, classMeans)) {
      for (let i = 0; i < deviations.rows; i++) {
        const deviation = row(deviations, i), sum = row(sums, labels[first + i]);
        for (let j = 0; j < D; j++) sum[j] += deviation[j];
      }
    }
    for (let k = 0; k < C * D; k++) classMeans.data[k] += sums.data[k] / counts[Math.floor(k / D)];
  }
  // μ_G from the differences of the class means, which rounding leaves whole.
  const mean = row(classMeans, 0).slice(), differences = new Float64Array(D);
  for (let c = 1; c < C; c++) {
    const mu = row(classMeans, c);
    for (let j = 0; j < D; j++) differences[j] += counts[c] / N * (mu[j] - mean[j]);
  }
  for (let j = 0; j < D; j++) mean[j] += differences[j];
  return { counts, mean, classMeans };
}

/** f_i − μ_{y_i}, some images at a time, in memory that the next overwrite. */
export function* deviationBlocks(
  features: FloatMatrix,
  labels: ArrayLike<number>,
  classMeans: Matrix,
): Generator<{ first: number; deviations: Matrix }> {
  const D = features.columns, memory = new Float64Array(Math.min(BLOCK, features.rows) * D);
  for (const { first, block } of rowBlocks(features, BLOCK)) {
    const { rows, data } = block;
    for (let i = 0, k = 0; i < rows; i++) {
      const mu = row(classMeans, labels[first + i]);
      for (let j = 0; j < D; j++, k++) memory[k] = data[k] - mu[j];
    }
    yield { first, deviations: { rows, columns: D, data: memory.subarray(0, rows * D) } };
  }
}

/** Σ_B = Σ_c N_c/N (μ_c − μ_G) (μ_c − μ_G)ᵀ, D × D, of rank C − 1 at most. */
export function betweenClassCovariance(means: ClassMeans): Matrix {
  const B = weightedClassMeans(means);
  return multiply(B, B, { transposeA: true });
}

/** √(N_c/N) (μ_c − u), C × D, with u = μ_G where it is not given: B with Σ_B = BᵀB. */
export function weightedClassMeans(
  { counts, mean, classMeans }: ClassMeans,
  { from: u = mean }: { from?: Float64Array } = {},
): Matrix {
  const N = counts.reduce((sum, count) => sum + count, 0), B = centred(classMeans, u);
  counts.forEach((count, c) => {
    const deviation = row(B, c), weight = Math.sqrt(count / N);
    for (let j = 0; j < deviation.length; j++) deviation[j] *= weight;
  });
  return B;
}

/** μ_c − μ_G, C × D. */
export function centredClassMeans(
  { mean, classMeans }: Pick<ClassMeans, "mean" | "classMeans">,
): Matrix {
  return centred(classMeans, mean);
}

/**
 * `A`, unless it is no matrix (see `checkFloatMatrix`) or has an entry that is NaN or infinite; the message calls it
 * `name`, and its first row image `first`.
 *
 * @throws {TypeError | RangeError}
 */
export function checkFinite<M extends FloatMatrix>(A: M, name: string, first = 0): M {
  checkFloatMatrix(A, name);
  for (const { first: before, block } of rowBlocks(A, BLOCK)) {
    if (Number.isFinite(total(block))) continue;
    const { columns, data } = block;
    for (let k = 0; k < data.length; k++) {
      if (Number.isFinite(data[k])) continue;
      throw new RangeError(
        `The ${name} of image ${first + before + Math.floor(k / columns)} have the entry ${
          data[k]
        }: all must be finite`,
      );
    }
  }
  return A;
}
