/**
 * The settings of a training run: one object, saved with its result.
 *
 * @module
 */
import { checkBetween, checkOneOf, checkOptions, checkPositive, checkWhole } from "../checks.ts";
import { SIDE } from "../data/images.ts";

/** Everything that decides a training run's result, besides the data. */
export interface TrainingSettings {
  /** Channels of the network's first layer. */
  readonly width: number;
  /** Passes over the training images. */
  readonly epochs: number;
  /** Images in a batch. */
  readonly batchSize: number;
  /** `nesterov` is stochastic gradient descent with Nesterov's momentum; `muon` trains the 3 × 3 filters, and it the rest. */
  readonly optimizer: "nesterov" | "muon" | "adam";
  /** The largest learning rate of the schedule. */
  readonly learningRate: number;
  /** That of Muon's filters, which the same schedule scales; the other optimisers have none. */
  readonly filterRate: number;
  /** See `learningRateAt`. */
  readonly schedule: "trapezoid" | "cosine" | "constant";
  /** The share of all steps over which a trapezoid falls, in (0, 1]. */
  readonly coolDown: number;
  /** Of Nesterov's method and of Muon, in [0, 1); Adam has its own averages and takes none. */
  readonly momentum: number;
  /** λ of the penalty ½ λ ‖w‖² on the weights of convolutions and classifier; biases and normalisation go free. */
  readonly weightDecay: number;
  /** ε: the target is 1 − ε + ε/K for the true class and ε/K for each other. */
  readonly labelSmoothing: number;
  /** Mirror and crop the training images; see `fillBatch`. */
  readonly augmentation: boolean;
  /** The first epochs, a share `earlyShare` of all, see images of `earlySide` × `earlySide` pixels, the others of 32 × 32. */
  readonly earlySide: number;
  /** The share of epochs at `earlySide`, in [0, 1]. */
  readonly earlyShare: number;
  /** The type in which activations and weights are multiplied. */
  readonly precision: "float32" | "bfloat16";
  /** Seed of initial weights, order and augmentation. */
  readonly seed: number;
}

const DEFAULT: TrainingSettings = {
  width: 64,
  epochs: 50,
  batchSize: 256,
  optimizer: "muon",
  learningRate: 0.2,
  filterRate: 0.03,
  schedule: "trapezoid",
  coolDown: 1,
  momentum: 0.9,
  weightDecay: 5e-4,
  labelSmoothing: 0,
  augmentation: true,
  earlySide: 24,
  earlyShare: 0.5,
  precision: "float32",
  seed: 1,
};

/**
 * `default` is what the pilots say (`deno task pilots`); `course` is the recipe of the course report: Adam, 100 epochs, a
 * constant rate and no regularisation beyond augmentation.
 */
export const PRESETS: { readonly default: TrainingSettings; readonly course: TrainingSettings } = {
  default: DEFAULT,
  course: {
    ...DEFAULT,
    epochs: 100,
    batchSize: 128,
    optimizer: "adam",
    learningRate: 1e-3,
    filterRate: 0,
    schedule: "constant",
    momentum: 0,
    weightDecay: 0,
    earlySide: SIDE,
    earlyShare: 0,
  },
};

/** The names of all settings. */
export const SETTINGS = Object.keys(DEFAULT) as (keyof TrainingSettings)[];

/**
 * `settings`, once each is sure to be usable.
 *
 * @throws {RangeError} where one is not.
 * @throws {TypeError} where there are others.
 */
export function checkSettings(settings: TrainingSettings): TrainingSettings {
  const it = checkOptions("A training run", settings, SETTINGS);
  checkWhole("width", it.width, { least: 1 });
  checkWhole("epochs", it.epochs, { least: 1 });
  checkWhole("batchSize", it.batchSize, { least: 2 });
  checkOneOf("optimizer", it.optimizer, ["nesterov", "muon", "adam"]);
  checkPositive("learningRate", it.learningRate);
  if (it.optimizer === "muon") checkPositive("filterRate of Muon", it.filterRate);
  checkOneOf("schedule", it.schedule, ["trapezoid", "cosine", "constant"]);
  checkBetween("coolDown", it.coolDown, { low: 0, high: 1, open: ["low"] });
  checkBetween("momentum", it.momentum, { low: 0, high: 1, open: ["high"] });
  checkBetween("weightDecay", it.weightDecay, { low: 0, high: 1 });
  checkBetween("labelSmoothing", it.labelSmoothing, { low: 0, high: 1, open: ["high"] });
  checkOneOf("augmentation", String(it.augmentation), ["true", "false"]);
  checkWhole("earlySide", it.earlySide, { least: 8, most: SIDE });
  checkBetween("earlyShare", it.earlyShare, { low: 0, high: 1 });
  checkOneOf("precision", it.precision, ["float32", "bfloat16"]);
  checkWhole("seed", it.seed, { least: -Number.MAX_SAFE_INTEGER });
  return settings;
}

/**
 * The learning rate of a run's step `step`, counted from 0; it rises linearly from 0 over the first epoch in each schedule
 * but `constant`. `trapezoid` then stays, and falls linearly to 0 over the last share `coolDown` of the steps (Hägele et al.
 * 2024, arXiv:2405.18392), or with 1 at once after its rise (a one-cycle schedule: Smith and Topin 2018). `cosine` falls
 * along half a period (Loshchilov and Hutter 2017).
 */
export function learningRateAt(
  { schedule, coolDown, learningRate, epochs }: Pick<
    TrainingSettings,
    "schedule" | "coolDown" | "learningRate" | "epochs"
  >,
  { step, stepsPerEpoch }: { step: number; stepsPerEpoch: number },
): number {
  if (schedule === "constant") return learningRate;
  const done = step + 0.5, left = 1 - done / (epochs * stepsPerEpoch);
  const fall = schedule === "cosine" ? (1 - Math.cos(Math.PI * left)) / 2 : left / coolDown;
  return learningRate * Math.min(done / stepsPerEpoch, 1, fall);
}

/** How many epochs see small images. */
export function earlyEpochs({ epochs, earlyShare }: TrainingSettings): number {
  return Math.round(earlyShare * epochs);
}

/** The side in pixels of the images that `epoch`, counted from 1, is trained on. */
export function sideAt(settings: TrainingSettings, epoch: number): number {
  return epoch <= earlyEpochs(settings) ? settings.earlySide : SIDE;
}
