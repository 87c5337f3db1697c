/**
 * Where a training run stands, and whether what a checkpoint says of it is usable.
 *
 * @module
 */
import { checkNumbers, checkWhole } from "../checks.ts";
import { DataFileError } from "../data/files.ts";
import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { EpochRecord, TrainingLog } from "./log.ts";
import { checkSettings, SETTINGS, type TrainingSettings } from "./settings.ts";

/** Where a run stands, besides its arrays: the `progress` of its checkpoint. */
export interface Run<Measured> {
  readonly log: TrainingLog<Measured> & { epochs: EpochRecord<Measured>[] };
  /** Steps done since the run began. */
  step: number;
  /** State of the generator of order and crops. */
  random: number[];
  /** Of the current epoch so far. */
  current: CurrentEpoch;
}

/** Sums over an epoch's steps, and the precisions that they ran in. */
export interface CurrentEpoch {
  loss: number;
  correct: number;
  seconds: number;
  readonly precisions: TrainingSettings["precision"][];
}

/** An epoch before its first step. */
export function newEpoch(): CurrentEpoch {
  return { loss: 0, correct: 0, seconds: 0, precisions: [] };
}

/**
 * The log of the run whose checkpoint lies at `path`, as far as it has come: its settings resume it.
 *
 * @throws {DataFileError} where the file is damaged or no checkpoint.
 */
export async function readRunLog<Measured>(path: string): Promise<TrainingLog<Measured>> {
  return runOf<Measured>(await readCheckpoint(path)).log;
}

/**
 * Where the run of a checkpoint stood.
 *
 * @throws {DataFileError} where it does not say, or not in this way.
 */
export function runOf<Measured>({ progress, order, path }: Checkpoint): Run<Measured> {
  try {
    const { log, step, random, current } = progress as Run<Measured>;
    const { epochs, batchSize } = checkSettings(log.settings);
    const images = checkWhole("trainingImages", log.trainingImages, { least: batchSize });
    const steps = Math.floor(images / batchSize);
    checkWhole("step", step, { most: epochs * steps });
    checkWhole("the count of epochs", log.epochs.length, {
      least: Math.floor(step / steps),
      most: Math.floor(step / steps),
    });
    checkNumbers("random", random, { length: 4 });
    checkNumbers("the sums", [current.loss, current.correct, current.seconds]);
    checkWhole("the length of order", order.length, {
      least: step === 0 ? 0 : images,
      most: images,
    });
    return { log, step, random, current };
  } catch (error) {
    throw new DataFileError(
      `${path} is no checkpoint that this version can go on from: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * `run`, to be continued with `settings`.
 *
 * @throws {RangeError} where they are others than its own in anything but the precision, or the images are.
 */
export function continued<Measured>(
  run: Run<Measured>,
  { settings, trainingImages }: { settings: TrainingSettings; trainingImages: number },
): Run<Measured> {
  const { log } = run;
  const changed = SETTINGS.find((name) =>
    name !== "precision" && settings[name] !== log.settings[name]
  );
  if (changed !== undefined) {
    throw new RangeError(
      `Cannot resume with another ${changed}: the checkpoint has ${log.settings[changed]}, got ${
        settings[changed]
      }. ` +
        "Give the same settings, or begin a new run in another folder. Only the precision may change",
    );
  }
  if (log.trainingImages !== trainingImages) {
    throw new RangeError(
      `Cannot resume on ${trainingImages} images: the checkpoint is of a run on ${log.trainingImages}`,
    );
  }
  return { ...run, log: { ...log, settings } };
}
