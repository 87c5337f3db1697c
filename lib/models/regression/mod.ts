/**
 * Regression whose posterior is exact: Bayesian linear regression over a basis, its evidence, and Gaussian processes.
 *
 * ```ts
 * import { fitBayesianLinearRegression, polynomial } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * const data = { x: [0, 1, 2], y: [-0.3, 0.2, 0.7] };
 * const options = { basis: polynomial({ degree: 1 }), alpha: 2, beta: 25 };
 * const { variance } = fitBayesianLinearRegression(data, options).predict([1, 10]);
 * assert(variance[0] < variance[1]); // far from the data the line is less certain
 * ```
 *
 * @module
 */
// Bases
export {
  type Basis,
  designMatrix,
  evenlySpaced,
  fourier,
  gaussian,
  polynomial,
  scaleBasis,
} from "./bases.ts";
// Bayesian linear regression
export {
  BayesianLinearRegression,
  fitBayesianLinearRegression,
  type GaussianPrediction,
  type LinearRegressionOptions,
  type Posterior,
} from "./bayesian_linear_regression.ts";
export type { RegressionData } from "./data.ts";
export { type EvidenceMaximum, maximizeEvidence } from "./evidence.ts";
// Gaussian processes
export { fitGaussianProcess } from "./gaussian_process.ts";
export type { GaussianProcess, GaussianProcessOptions } from "./gaussian_process.ts";
export { type Kernel, limitOfGaussianBasis, squaredExponential } from "./kernels.ts";
