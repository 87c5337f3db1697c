/**
 * Gaussian classes with a shared covariance: the distance to the nearest, alone or beside that to all classes together.
 *
 * @module
 */
import {
  type Matrix,
  multiply,
  row,
  rowNorms,
  scaled,
  symmetricEigen,
} from "../linear_algebra/mod.ts";
import { type Detector, detector } from "./detector.ts";
import { largest } from "./logits.ts";

/**
 * Mahalanobis distance: −min_c (f − μ_c)ᵀ Σ_W⁻¹ (f − μ_c), 0 or less, squared, on penultimate features, without input
 * perturbation. Needs features, and labels or statistics.
 *
 * Σ_W is the within-class covariance divided by N. Where it is singular, its pseudo-inverse: directions in which no
 * training feature differs from its class mean do not count.
 *
 * Source: Lee, Lee, Lee and Shin, "A simple unified framework for detecting out-of-distribution samples and
 * adversarial attacks" (NeurIPS 2018), eq. 2.
 */
export function mahalanobis(): Detector {
  return detector("Mahalanobis", {
    estimate: ({ statistics: { classMeans, withinClassCovariance } }) =>
      gaussians(classMeans, withinClassCovariance),
    evaluate: ({ features }, classes) => largest(scaled(squaredDistances(features, classes), -1)),
  });
}

/**
 * Relative Mahalanobis distance: −min_c (d_c − d_0), where d_c is the Mahalanobis distance to class c and d_0 that to
 * one Gaussian of all training features, with the total covariance. Needs features, and labels or statistics.
 *
 * Source: Ren et al., "A simple fix to Mahalanobis distance for improving near-OOD detection" (2021), eq. 3.
 */
export function relativeMahalanobis(): Detector {
  return detector("Relative Mahalanobis", {
    estimate: ({ statistics: { mean, classMeans, withinClassCovariance, totalCovariance } }) => ({
      classes: gaussians(classMeans, withinClassCovariance),
      all: gaussians({ rows: 1, columns: mean.length, data: mean }, totalCovariance),
    }),
    evaluate({ features }, { classes, all }) {
      const nearest = largest(scaled(squaredDistances(features, classes), -1));
      const background = squaredDistances(features, all).data;
      return nearest.map((score, i) => score + background[i]);
    },
  });
}

/** Gaussians of one covariance: a map to where it is the identity, and the means there. */
interface Gaussians {
  readonly whitening: Matrix;
  readonly means: Matrix;
}

function gaussians(means: Matrix, covariance: Matrix): Gaussians {
  const { values, vectors } = symmetricEigen(covariance);
  const D = values.length, least = D * Number.EPSILON * values[D - 1];
  const whitening = {
    ...vectors,
    data: vectors.data.map((v, k) => values[k % D] > least ? v / Math.sqrt(values[k % D]) : 0),
  };
  return { whitening, means: multiply(means, whitening) };
}

/** ‖z_i − m_c‖² for each whitened feature z_i and mean m_c, N × C. */
function squaredDistances(features: Matrix, { whitening, means }: Gaussians): Matrix {
  const z = multiply(features, whitening);
  const featureNorms = rowNorms(z), meanNorms = rowNorms(means);
  const distances = multiply(z, means, { transposeB: true });
  for (let i = 0; i < distances.rows; i++) {
    const products = row(distances, i);
    for (let c = 0; c < products.length; c++) {
      products[c] = featureNorms[i] ** 2 - 2 * products[c] + meanNorms[c] ** 2;
    }
  }
  return distances;
}
