/**
 * The settings of a training run: one object, saved with its result.
 *
 * @module
 */

/** Everything that decides a training run's result, besides the data. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: "sgd" | "adam";
  /** The largest learning rate of the schedule. */
  readonly learningRate: number;
  /** See `learningRateAt`. */
  readonly schedule: "trapezoid" | "constant";
  /** The share of all steps over which a trapezoid falls, in (0, 1). */
  readonly coolDown: number;
  /** Nesterov momentum of SGD, in [0, 1); Adam has its own averages and takes none. */
  readonly momentum: number;
  /** λ of the penalty ½ λ ‖w‖² on the weights of convolutions and classifier; biases and normalisation go free. */
  readonly weightDecay: number;
  /** ε: the target is 1 − ε + ε/K for the true class and ε/K for each other. */
  readonly labelSmoothing: number;
  /** Mirror and crop the training images at random. */
  readonly augmentation: boolean;
  readonly precision: "float32" | "bfloat16";
  /** How many of the network's stages keep the weights that it begins with, 0 to 4; see `ResNet18.parametersAfter`. */
  readonly frozenStages: number;
  /** Seed of initial weights, order and augmentation. */
  readonly seed: number;
}

const DEFAULT: TrainingSettings = {
  epochs: 16,
  batchSize: 128,
  optimizer: "sgd",
  learningRate: 0.1,
  schedule: "trapezoid",
  coolDown: 3 / 8,
  momentum: 0.9,
  weightDecay: 5e-4,
  labelSmoothing: 0.1,
  augmentation: true,
  precision: "float32",
  frozenStages: 0,
  seed: 1,
};

/**
 * `default` reaches a good network in few epochs; `course` is the recipe of the course report: Adam, 100 epochs, a
 * constant rate and no regularisation beyond augmentation.
 */
export const PRESETS = {
  default: DEFAULT,
  course: {
    ...DEFAULT,
    epochs: 100,
    optimizer: "adam",
    learningRate: 1e-3,
    schedule: "constant",
    momentum: 0,
    weightDecay: 0,
    labelSmoothing: 0,
  },
} as const satisfies Record<string, TrainingSettings>;

/**
 * `settings`, once each is sure to be usable.
 *
 * @throws {RangeError} where one is not.
 */
export function checkSettings(settings: TrainingSettings): TrainingSettings {
  const rules: [keyof TrainingSettings, string, (value: number) => boolean][] = [
    ["epochs", "a whole number of at least 1", (it) => Number.isInteger(it) && it >= 1],
    ["batchSize", "a whole number of at least 2", (it) => Number.isInteger(it) && it >= 2],
    ["learningRate", "positive and finite", (it) => it > 0 && Number.isFinite(it)],
    ["coolDown", "in (0, 1)", (it) => it > 0 && it < 1],
    ["momentum", "in [0, 1)", (it) => it >= 0 && it < 1],
    ["weightDecay", "finite and at least 0", (it) => it >= 0 && Number.isFinite(it)],
    ["labelSmoothing", "in [0, 1)", (it) => it >= 0 && it < 1],
    ["frozenStages", "a whole number from 0 to 4", (it) => [0, 1, 2, 3, 4].includes(it)],
    ["seed", "a whole number", Number.isInteger],
  ];
  for (const [name, rule, holds] of rules) {
    const value = settings[name];
    if (typeof value !== "number" || !holds(value)) {
      throw new RangeError(`The setting ${name} must be ${rule}, got ${value}`);
    }
  }
  const choices: [keyof TrainingSettings, unknown[]][] = [
    ["optimizer", ["sgd", "adam"]],
    ["schedule", ["trapezoid", "constant"]],
    ["precision", ["float32", "bfloat16"]],
    ["augmentation", [true, false]],
  ];
  for (const [name, allowed] of choices) {
    if (!allowed.includes(settings[name])) {
      throw new RangeError(
        `The setting ${name} must be ${allowed.join(" or ")}, got ${settings[name]}`,
      );
    }
  }
  return settings;
}

type Schedule = Pick<TrainingSettings, "schedule" | "coolDown" | "learningRate" | "epochs">;

/**
 * The learning rate of a run's step `step`, counted from 0. `trapezoid` is a one-cycle schedule (Smith and Topin 2018) whose
 * top is held: the rate rises linearly from 0 over the first epoch, stays, and falls linearly to 0 over the last share
 * `coolDown` of the steps. Runs of any length so have their steps before the fall in common, and a longer run can go on from
 * there (Hägele et al. 2024, arXiv:2405.18392). `constant` is constant.
 */
export function learningRateAt(
  { schedule, coolDown, learningRate, epochs }: Schedule,
  { step, stepsPerEpoch }: { step: number; stepsPerEpoch: number },
): number {
  if (schedule === "constant") return learningRate;
  const steps = epochs * stepsPerEpoch, done = step + 0.5;
  return learningRate * Math.min(done / stepsPerEpoch, 1, (steps - done) / (coolDown * steps));
}

/** The step before which runs of any length are the same run, as their learning rates are. */
export function coolDownStart(
  { schedule, coolDown, epochs }: Schedule,
  stepsPerEpoch: number,
): number {
  const steps = epochs * stepsPerEpoch;
  return schedule === "constant" ? steps : Math.floor((1 - coolDown) * steps);
}
