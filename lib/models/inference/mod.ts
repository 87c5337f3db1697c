/**
 * What all probabilistic classifiers share: the prior N(0, σ² I), the likelihood of class labels under logits, Laplace's
 * approximation of the posterior, and the ways from a distribution over logits to class probabilities.
 *
 * ```ts
 * import { expectedSigmoid, sigmoid } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * // Doubt about the logit draws the probability towards ½.
 * assert(expectedSigmoid(2, 9) < sigmoid(2));
 * ```
 *
 * @module
 */
// The prior and the likelihood
export { priorDeviationOf } from "./prior.ts";
export { logitCurvature, logLikelihood } from "./likelihood.ts";
// Laplace's approximation
export {
  type ExpandableClassifier,
  fitLaplaceApproximation,
  LaplaceApproximation,
  type LaplaceOptions,
  type LaplacePrediction,
} from "./laplace_approximation.ts";
export { gaussNewton } from "./gauss_newton.ts";
// From logits to probabilities
export { averaged, type Prediction, probabilitiesOf, sigmoid, softplus } from "./predictive.ts";
export { type GaussianLogits, type LogitPrediction, predictFromLogits } from "./gaussian_logits.ts";
export {
  expectedSigmoid,
  gaussHermite,
  normalCdf,
  type Quadrature,
} from "./gaussian_expectation.ts";
// Calibration
export { type Calibrator, uncalibrated, type Validation } from "./calibrator.ts";
export { IsotonicCalibration } from "./isotonic_calibration.ts";
export { TemperatureScaling } from "./temperature_scaling.ts";
export { VectorScaling } from "./vector_scaling.ts";
// Draws
export type { DrawOptions } from "./draws.ts";
