/**
 * The log of a training run: its settings, and what was measured after each epoch.
 *
 * @module
 */
import { join } from "node:path";
import { projectData } from "../data/directory.ts";
import type { LossAndAccuracy } from "../metrics/classification.ts";
import type { NeuralCollapse } from "../metrics/neural_collapse.ts";
import type { TrainingSettings } from "./settings.ts";
import { DataFileError, readFile } from "../data/files.ts";

/** What is measured after an epoch, with the network in evaluation mode. */
export interface EpochMeasurements {
  /** On 2,000 images of the CIFAR-100 test set. */
  readonly test: LossAndAccuracy;
  /** On the whole set, after the last epoch. */
  readonly wholeTest?: LossAndAccuracy;
  /** On unaugmented training images. */
  readonly train: LossAndAccuracy;
  /** On the same training images; NC5 with both out-of-distribution sets. */
  readonly neuralCollapse: NeuralCollapse;
  /** AUROC by the out-of-distribution set's name, and the detector's. */
  readonly auroc: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What is known of a finished epoch. `training` is measured while the weights change, on augmented images. */
export interface EpochRecord<Measured = EpochMeasurements> {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Loss and accuracy on the batches of the epoch. */
  readonly training: LossAndAccuracy;
  /** The learning rate of its last step. */
  readonly learningRate: number;
  /** Side in pixels of the images that it was trained on. */
  readonly side: number;
  /** The precisions of its steps: two where the run was resumed in another. */
  readonly precisions: readonly TrainingSettings["precision"][];
  /** Training images a second. */
  readonly imagesPerSecond: number;
  /** Where this epoch was measured. */
  readonly measured?: Measured;
}

/** An epoch that was measured. */
export type MeasuredEpoch<Measured = EpochMeasurements> = EpochRecord<Measured> & {
  readonly measured: Measured;
};

/** A whole log; `Measured` is what its epochs hold. */
export interface TrainingLog<Measured = EpochMeasurements> {
  /** The settings of the run. */
  readonly settings: TrainingSettings;
  /** How many images it was trained on. */
  readonly trainingImages: number;
  /** A record of each epoch. */
  readonly epochs: readonly EpochRecord<Measured>[];
  /** The log of the run whose last weights this one began with, where it did not begin with random ones. */
  readonly before?: TrainingLog<Measured>;
}

/** A log of the epochs that were measured. */
export interface MeasuredLog<Measured = EpochMeasurements> extends TrainingLog<Measured> {
  readonly epochs: readonly MeasuredEpoch<Measured>[];
}

/**
 * The logs of the runs that made a network one after the other, from random weights to this log's, with the epochs that were
 * measured.
 */
export function runsOf<Measured>(log: TrainingLog<Measured>): MeasuredLog<Measured>[] {
  const isMeasured = (it: EpochRecord<Measured>): it is MeasuredEpoch<Measured> =>
    it.measured !== undefined;
  const earlier = log.before === undefined ? [] : runsOf(log.before);
  return [...earlier, { ...log, epochs: log.epochs.filter(isMeasured) }];
}

/** The measured epochs of all runs that made a network, numbered through. */
export function allEpochs<Measured>(log: TrainingLog<Measured>): MeasuredEpoch<Measured>[] {
  let before = 0;
  return runsOf(log).flatMap(({ epochs, settings }) => {
    const start = before;
    before += settings.epochs;
    return epochs.map((it) => ({ ...it, epoch: start + it.epoch }));
  });
}

const FOLDER: string = projectData("resnet18-cifar100");

/**
 * Reads a log of a network's folder, by default the one of the committed network itself.
 *
 * @throws {DataFileError} where it cannot be read or is no log with epochs.
 */
export async function readTrainingLog<Measured = EpochMeasurements>(
  name = "log.json",
  { folder = FOLDER }: { folder?: string } = {},
): Promise<TrainingLog<Measured>> {
  const path = join(folder, name), text = new TextDecoder().decode(await readFile(path));
  try {
    const log = JSON.parse(text);
    if (isLog(log)) return log as TrainingLog<Measured>;
  } catch { /* what is not JSON is no log either */ }
  throw new DataFileError(`${path} is not a training log with epochs: get or make it again`);
}

/** Whether `log`, and the one that it goes on from, have settings and epochs. */
function isLog(log: unknown): boolean {
  if (!isRecord(log) || !isRecord(log.settings)) return false;
  const { epochs, before } = log;
  return Number.isInteger(log.settings.epochs) && Array.isArray(epochs) && epochs.length > 0 &&
    epochs.every(isRecord) &&
    (before === undefined || isLog(before));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
