/**
 * Out-of-distribution detectors: `fit` on training images, `score` any images; larger is more in-distribution.
 *
 * ```ts
 * import { energy, mahalanobis } from "./mod.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assert } from "@std/assert";
 *
 * const training = { features: matrix([[0, 1], [1, 0], [9, 9], [8, 8]]), labels: [0, 0, 1, 1] };
 * const [near, far] = mahalanobis().fit(training).score({ features: matrix([[1, 1], [5, 5]]) });
 * assert(near > far);
 *
 * const [sure, unsure] = energy().score({ logits: matrix([[9, 0], [1, 0]]) });
 * assert(sure > unsure);
 * ```
 *
 * @module
 */
// What all share
export type { Detector, FittedDetector, Needs, ReadyDetector } from "./detector.ts";
export { NotFittedError } from "./detector.ts";
export { type ImagePart, MissingInputError, type TrainingPart } from "./inputs.ts";
export type { Outputs, Training } from "../outputs/outputs.ts";
// From logits
export { maximumSoftmaxProbability } from "./maximum_softmax_probability.ts";
export { maximumLogit } from "./maximum_logit.ts";
export { energy } from "./energy.ts";
export { generalizedEntropy } from "./generalized_entropy.ts";
export { klMatching } from "./kl_matching.ts";
// From features
export { classMeanCosine } from "./class_mean_cosine.ts";
export { mahalanobis, relativeMahalanobis, type Shrinkage } from "./mahalanobis.ts";
export { nearestNeighbours } from "./nearest_neighbours.ts";
export { neco } from "./neco.ts";
// From features and the classifier
export { react } from "./react.ts";
export { residual } from "./residual.ts";
export { vim } from "./vim.ts";
