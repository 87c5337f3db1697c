/**
 * Logistic regression: its mode, its exact posterior, the variational one, and the Gaussian process in its place.
 *
 * ```ts
 * import { fitExactPosterior, fitLogisticRegression } from "./mod.ts";
 * import { matrix } from "../../linear_algebra/mod.ts";
 * import { assert } from "@std/assert";
 *
 * const data = { X: matrix([[-1], [0], [1]]), labels: Int32Array.of(0, 0, 1) }, far = matrix([[9]]);
 * const mode = fitLogisticRegression(data, { priorDeviation: 1 }).predict(far);
 * const exact = fitExactPosterior(data, { priorDeviation: 1 }).predict(far);
 * assert(exact.probabilities.data[1] < mode.probabilities.data[1]); // an average is less sure
 * ```
 *
 * @module
 */
// The mode
export {
  fitLogisticRegression,
  fitLogisticRegressionBySgd,
  LogisticRegression,
  type LogisticRegressionOptions,
  SeparableDataError,
} from "./logistic_regression.ts";
// The exact posterior, for few parameters
export {
  type ExactPosterior,
  expectedSigmoidUnder,
  fitExactPosterior,
  type Marginal,
  totalVariationFromDensity,
} from "./exact_posterior.ts";
export type { Lattice } from "./lattice.ts";
// The variational posterior
export {
  expectedLogLikelihood,
  fitVariationalLogisticRegression,
  fitVariationalLogisticRegressionByQuadrature,
  VariationalLogisticRegression,
} from "./variational_logistic_regression.ts";
// A Gaussian process in place of the straight line
export { fitGaussianProcessClassifier } from "./gaussian_process_classifier.ts";
export type {
  GaussianProcessClassifier,
  GaussianProcessClassifierOptions,
} from "./gaussian_process_classifier.ts";
