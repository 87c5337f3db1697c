/**
 * Gaussian classes with a shared covariance: the distance to the nearest, alone or beside that to all classes together.
 *
 * @module
 */
import { type Matrix, multiply, rowNorms, symmetricEigen } from "../linear_algebra/mod.ts";
import { type Block, type Detector, detector } from "./detector.ts";

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
    needs: { training: ["statistics"], images: ["features"] },
    estimate: ({ statistics: { classMeans, withinClassCovariance } }) =>
      gaussians(classMeans, withinClassCovariance),
    evaluate: ({ features }, classes, { scratch }) =>
      squaredDistances(features, classes, scratch).map((it) => -it),
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
    needs: { training: ["statistics"], images: ["features"] },
    estimate: ({ statistics: { mean, classMeans, withinClassCovariance, totalCovariance } }) => ({
      classes: gaussians(classMeans, withinClassCovariance),
      all: gaussians({ rows: 1, columns: mean.length, data: mean }, totalCovariance),
    }),
    evaluate({ features }, { classes, all }, { scratch }) {
      const background = squaredDistances(features, all, scratch);
      return squaredDistances(features, classes, scratch)
        .map((nearest, i) => background[i] - nearest);
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

/** min_c ‖z_i − m_c‖² of each feature i, with z_i and m_c the feature and the means where the covariance is the identity. */
function squaredDistances(
  features: Matrix,
  { whitening, means }: Gaussians,
  scratch: Block["scratch"],
): Float64Array {
  const { rows, columns } = features;
  const z = multiply(features, whitening, { into: scratch("z", rows, columns) });
  const into = scratch("products", rows, means.rows);
  const products = multiply(z, means, { transposeB: true, into });
  const squares = rowNorms(means).map((norm) => norm ** 2), C = means.rows;
  return rowNorms(z).map((norm, i) => {
    let least = Infinity;
    for (let c = 0; c < C; c++) {
      least = Math.min(least, squares[c] - 2 * products.data[i * C + c]);
    }
    return Math.max(0, norm ** 2 + least);
  });
}
