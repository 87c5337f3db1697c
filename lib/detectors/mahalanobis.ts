/**
 * Gaussian classes with a shared covariance: the distance to the nearest, alone or beside that to all classes together.
 *
 * @module
 */
import { checkBetween, checkOptions } from "../checks.ts";
import {
  centred,
  columnRange,
  type Matrix,
  multiply,
  nearest,
  pointsOf,
  rowNorms,
  svd,
  symmetricEigen,
} from "../linear_algebra/mod.ts";
import {
  centredClassMeans,
  type FeatureStatistics,
  weightedClassMeans,
} from "../metrics/feature_statistics.ts";
import { ledoitWolfShare, shrunk } from "../metrics/shrinkage.ts";
import { type Block, type Detector, detector } from "./detector.ts";
import type { Learnable } from "./inputs.ts";

/** How far Σ_W is moved towards a multiple of the identity: a share of the way, or Ledoit and Wolf's. */
export type Shrinkage = number | "ledoit-wolf";

/**
 * Mahalanobis distance: −min_c (f − μ_c)ᵀ Σ_W⁻¹ (f − μ_c), 0 or less, squared, on penultimate features, without input
 * perturbation. Needs features, and labels or statistics.
 *
 * Σ_W is the within-class covariance divided by N. Where it is singular, its pseudo-inverse, as in scikit-learn:
 * directions in which no training feature differs from its class mean do not count.
 *
 * @param options `shrinkage` of Σ_W, none by default; "ledoit-wolf" needs features and labels.
 * @throws {RangeError} in `fit`, where all training features equal their class means.
 * Source: Lee, Lee, Lee and Shin, "A simple unified framework for detecting out-of-distribution samples and
 * adversarial attacks" (NeurIPS 2018), eq. 2.
 */
export function mahalanobis(options: { shrinkage?: Shrinkage } = {}): Detector {
  const { shrinkage = 0 } = checkOptions("mahalanobis()", options, ["shrinkage"]);
  return detector("Mahalanobis", {
    needs: needs(shrinkage),
    estimate(training) {
      const { statistics } = training, map = withinClassWhitening(training, shrinkage);
      // Distances do not depend on the origin, and only far from it they lose digits.
      const far = roundingOf(statistics.mean, map) > 1e-12;
      const means = far ? centredClassMeans(statistics) : statistics.classMeans;
      const mean = far ? statistics.mean : undefined;
      return { mean, map, classes: pointsOf(multiply(means, map)) };
    },
    evaluate({ features }, { classes, ...space }, { scratch }) {
      const z = mapped(features, space, scratch);
      const into = scratch("products", features.rows, classes.points.rows);
      return nearest(z, classes, { into }).squaredDistances.map((distance) => -distance);
    },
  });
}

/**
 * Relative Mahalanobis distance: −min_c (d_c − d_0), where d_c is the Mahalanobis distance to class c and d_0 that to
 * one Gaussian of all training features, with the total covariance. Needs features, and labels or statistics.
 *
 * As Σ_T = Σ_W + Σ_B, the two differ only where class means do: with a the coordinates of f − μ_G in which Σ_W = I and
 * Σ_B is diagonal, s_k² along axis k, the score is Σ_k a_k² / (1 + s_k²) − min_c ‖a − a_c‖². Features that are constant
 * in training do not count.
 *
 * @param options `shrinkage` of Σ_W, none by default; "ledoit-wolf" needs features and labels.
 * @throws {RangeError} in `fit`, where the features of a class vary in fewer directions than there are features, so
 * that what is far could look near, or all class means are equal.
 * Source: Ren et al., "A simple fix to Mahalanobis distance for improving near-OOD detection" (2021), eq. 3.
 */
export function relativeMahalanobis(options: { shrinkage?: Shrinkage } = {}): Detector {
  const { shrinkage = 0 } = checkOptions("relativeMahalanobis()", options, ["shrinkage"]);
  return detector("Relative Mahalanobis", {
    needs: needs(shrinkage),
    estimate(training) {
      const { statistics } = training, { mean } = statistics;
      const whitening = withinClassWhitening(training, shrinkage);
      const varied = shrinkage === 0
        ? variances(statistics.totalCovariance).filter((variance) => variance > 0)
        : mean;
      if (whitening.columns < varied.length) {
        throw new RangeError(
          `Features vary within classes in ${whitening.columns} of ${varied.length} dimensions, and in the others ` +
            "relative Mahalanobis would take what is far for near: give more images a class, or " +
            '{ shrinkage: "ledoit-wolf" }',
        );
      }
      const { s, V } = svd(multiply(weightedClassMeans(statistics), whitening));
      const rounding = roundingOf(mean, whitening);
      const count = s.filter((deviation) => deviation > rounding).length;
      if (count === 0) {
        throw new RangeError(
          "All class means are equal: relative Mahalanobis needs at least two classes that differ",
        );
      }
      const map = multiply(whitening, columnRange(V, 0, count));
      return {
        mean,
        map,
        classes: pointsOf(multiply(centredClassMeans(statistics), map)),
        precisions: s.slice(0, count).map((deviation) => 1 / (1 + deviation ** 2)),
      };
    },
    evaluate({ features }, { classes, precisions, ...space }, { scratch }) {
      const a = mapped(features, space, scratch);
      const into = scratch("products", features.rows, classes.points.rows);
      return nearest(a, classes, { into }).squaredDistances.map((distance, i) => {
        let background = 0;
        for (let k = 0, at = i * a.columns; k < a.columns; k++, at++) {
          background += precisions[k] * a.data[at] ** 2;
        }
        return background - distance;
      });
    },
  });
}

const needs = (shrinkage: Shrinkage) => {
  if (shrinkage !== "ledoit-wolf") checkBetween("shrinkage", shrinkage, { low: 0, high: 1 });
  const training: ("statistics" | "features" | "labels")[] = shrinkage === "ledoit-wolf"
    ? ["statistics", "features", "labels"]
    : ["statistics"];
  return { training, images: ["features"] as const };
};

/** (f − μ)ᵀ A of each feature f, with A the `map` and μ the `mean`, or 0. */
function mapped(
  features: Matrix,
  { mean, map }: { mean?: Float64Array; map: Matrix },
  scratch: Block["scratch"],
): Matrix {
  const { rows, columns } = features;
  const deviations = mean
    ? centred(features, mean, { into: scratch("centred", rows, columns) })
    : features;
  return multiply(deviations, map, { into: scratch("mapped", rows, map.columns) });
}

/** A with Aᵀ Σ_W A = I, Σ_W shrunk, D × rank. */
function withinClassWhitening(
  training: Pick<Learnable, "statistics" | "features" | "labels">,
  shrinkage: Shrinkage,
): Matrix {
  const { withinClassCovariance: S } = training.statistics;
  const share = shrinkage === "ledoit-wolf"
    ? ledoitWolfShare(training, training.statistics)
    : shrinkage;
  const map = whitening(share === 0 ? S : shrunk(S, share));
  if (map.columns === 0) {
    throw new RangeError(
      "All training features equal their class means, and a Mahalanobis distance measures in units of their spread: " +
        "give several different images a class",
    );
  }
  return map;
}

/**
 * A with Aᵀ S A = I and A Aᵀ the pseudo-inverse of S, D × rank. Features are first brought to variance 1, so that units
 * of very different size do no harm.
 */
function whitening(S: Matrix): Matrix {
  const scale = variances(S).map((variance) => variance > 0 ? 1 / Math.sqrt(variance) : 0);
  const D = S.rows, data = S.data.slice();
  for (let i = 0, k = 0; i < D; i++) {
    for (let j = 0; j < D; j++, k++) data[k] *= scale[i] * scale[j];
  }
  const A = inverseRoot({ ...S, data });
  if (A.columns < scale.filter((it) => it > 0).length) return inverseRoot(S); // some features depend on others
  for (let k = 0; k < A.data.length; k++) A.data[k] *= scale[Math.floor(k / A.columns)];
  return A;
}

/** V diag(1/√λ) of the eigenvalues λ that are not 0. */
function inverseRoot(S: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(S), D = S.rows;
  const least = D * Number.EPSILON * values[D - 1];
  const first = values.findIndex((value) => value > Math.max(0, least));
  const V = columnRange(vectors, first < 0 ? D : first, D);
  for (let k = 0; k < V.data.length; k++) {
    V.data[k] /= Math.sqrt(values[first + k % V.columns]);
  }
  return V;
}

/** The diagonal. */
function variances({ rows: D, data }: FeatureStatistics["totalCovariance"]): Float64Array {
  return Float64Array.from({ length: D }, (_, j) => data[j * (D + 1)]);
}

/** What rounding of class means about as large as `mean` amounts to after the map. */
function roundingOf(mean: Float64Array, map: Matrix): number {
  const sizes = { rows: 1, columns: mean.length, data: mean.map(Math.abs) };
  const [length] = rowNorms(multiply(sizes, { ...map, data: map.data.map(Math.abs) }));
  return 4 * Number.EPSILON * length;
}
