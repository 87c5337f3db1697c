/**
 * Training of a residual network: settings, optimizers, the loop with checkpoints that resume bit by bit, and its log.
 *
 * ```ts
 * import { learningRateAt, PRESETS } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * const rate = (step: number) => learningRateAt(PRESETS.default, { step, stepsPerEpoch: 391 });
 * assert(rate(0) < rate(391)); // it rises over the first epoch
 * ```
 *
 * @module
 */
// Settings
export { checkSettings, learningRateAt, PRESETS, type TrainingSettings } from "./settings.ts";
// One step
export { adam, muon, nesterov, type Optimizer, type Parameters } from "./optimizers.ts";
export type { Workers } from "./exchange.ts";
export { optimizerOf, type TrainingStep, trainingStep } from "./step.ts";
// A run
export { train, type TrainingOptions, type TrainingProgress } from "./trainer.ts";
export {
  type Checkpoint,
  DivergedError,
  readCheckpoint,
  saveCheckpoint,
  type TrainingArrays,
} from "./checkpoint.ts";
// What a run leaves
export {
  type EpochMeasurements,
  type EpochRecord,
  readTrainingLog,
  type TrainingLog,
} from "./log.ts";
export { type OutputSets, storedOutputs } from "./stored_outputs.ts";
