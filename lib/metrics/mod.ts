/**
 * Measures of predictions, of out-of-distribution scores and of features, with intervals where they come from a sample. A score is
 * larger for in-distribution, and out-of-distribution is the positive class.
 *
 * ```ts
 * import { detectionMetrics } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { auroc } = detectionMetrics([3, 2, 1], [0, -1]); // in-distribution, out-of-distribution
 * assertEquals(auroc, 1);
 * ```
 *
 * @module
 */
// Scores of two kinds of images
export { auroc, aurocInterval } from "./auroc.ts";
export { midranks, rankCorrelation } from "./scores.ts";
export {
  countScores,
  type DetectionMetrics,
  detectionMetrics,
  falsePositiveRate,
  metricsOf,
  type Positive,
  precisionRecall,
  type RankedScores,
  rankScores,
  rocCurve,
  type ScoreCounts,
} from "./detection.ts";
export { aurocCovariance, delong, delongDifference, type DetectionScores } from "./delong.ts";
export {
  type DecisionReport,
  decisionReport,
  type ScoredSet,
  thresholdKeeping,
} from "./decision_report.ts";
// Scores and whether the prediction was right
export { type RiskCoverage, riskCoverage } from "./risk_coverage.ts";
// Class probabilities and labels
export {
  accuracy,
  argmax,
  brierScore,
  confidence,
  type LossAndAccuracy,
  lossAndAccuracy,
  mutualInformation,
  negativeLogLikelihood,
  predictiveEntropy,
  totalVariation,
} from "./classification.ts";
export {
  calibrationBesideChance,
  type CalibrationBin,
  type ChanceCalibrationError,
  chanceCalibrationError,
  type ChanceOptions,
  expectedCalibrationError,
  reliabilityDiagram,
} from "./calibration.ts";
// Gaussian predictions and targets
export {
  coverage,
  type GaussianPredictions,
  meanLogDensity,
  standardizedResiduals,
} from "./regression.ts";
// Features, their classes and the last layer
export {
  centredClassMeans,
  type ClassMeans,
  classMeansOf,
  type FeatureStatistics,
  featureStatistics,
} from "./feature_statistics.ts";
export { type LastLayer } from "./last_layer.ts";
export {
  alignments,
  cosines,
  equiangularity,
  equinorm,
  type NeuralCollapse,
  neuralCollapse,
  orthogonality,
  selfDuality,
  withinClassVariability,
} from "./neural_collapse.ts";
// Chains of draws
export { bulkEffectiveSampleSize, normalQuantile, rankNormalizedRHat } from "./convergence.ts";
// Means, intervals, verdicts
export { mean, meanInterval, standardDeviation, studentQuantile } from "./moments.ts";
export { type Part, partVerdict, type Verdict, verdict, verdicts } from "./verdict.ts";
export { type Interval } from "./interval.ts";
export { type Count, countOf, proportionDifference, wilsonInterval } from "./proportion.ts";
export {
  bootstrap,
  type Bootstrapped,
  difference,
  interval,
  resample,
  type Sample,
} from "./bootstrap.ts";
