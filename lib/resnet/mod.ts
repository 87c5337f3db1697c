/**
 * The ResNet-18 of CIFAR's image size, the committed network, and a classifier that declines what it is unsure of.
 *
 * ```ts
 * import { readTrainedClassifier } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const classifier = await readTrainedClassifier();
 * const decisions = classifier.classify(new Uint8Array(32 * 32 * 3)); // one black image
 * assertEquals(decisions.length, 1);
 * ```
 *
 * @module
 */
// The network
export { ResNet18, type ResNetShape, type TrainingMode } from "./resnet.ts";
export { loadWeights, storedWeights } from "./weights.ts";
export { lastLayerOf, outputsOf } from "./outputs.ts";
// Decisions
export {
  type Decision,
  type OutputsWithLogits,
  type SelectiveClassifier,
  selectiveClassifier,
} from "./selective_classifier.ts";
export {
  readTrainedClassifier,
  readTrainedNetwork,
  type TrainedClassifier,
} from "./trained_classifier.ts";
