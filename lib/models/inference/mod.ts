/**
 * What all probabilistic classifiers share: the prior N(0, σ² I), the likelihood of class labels under logits, Laplace's
 * approximation of the posterior, and the ways from a distribution over logits to class probabilities.
 *
 * ```ts
 * import { expectedSigmoid } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * // Doubt about the logit, here its variance, draws the probability towards ½.
 * assert(expectedSigmoid(2, 9) < expectedSigmoid(2, 0));
 * ```
 *
 * @module
 */
// The prior and the likelihood
export { priorDeviationOf } from "./prior.ts";
export { logLikelihood } from "./likelihood.ts";
// Laplace's approximation
export { fitLaplaceApproximation } from "./laplace_approximation.ts";
export type {
  ExpandableClassifier,
  LaplaceApproximation,
  LaplaceOptions,
  LaplacePrediction,
} from "./laplace_approximation.ts";
// From logits to probabilities
export { type Prediction, probabilitiesOf } from "./predictive.ts";
export type { GaussianLogits, LogitPrediction } from "./gaussian_logits.ts";
export { expectedSigmoid, normalCdf } from "./gaussian_expectation.ts";
// Calibration
export { type Calibrator, uncalibrated, type Validation } from "./calibrator.ts";
export { IsotonicCalibration } from "./isotonic_calibration.ts";
export { TemperatureScaling } from "./temperature_scaling.ts";
export { VectorScaling } from "./vector_scaling.ts";
// Draws
export type { DrawOptions } from "./draws.ts";
