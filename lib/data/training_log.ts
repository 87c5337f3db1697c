/**
 * The log of a training run: its settings, and what was measured after each epoch.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NeuralCollapse } from "../metrics/neural_collapse.ts";
import type { TrainingSettings } from "../training/settings.ts";
import type { EpochRecord, Fit } from "../training/trainer.ts";
import { DataFileError, readFile } from "./files.ts";

/** What is measured after an epoch, with the network in evaluation mode. */
export interface EpochMeasurements {
  /** On 2,000 images of the CIFAR-100 test set. */
  readonly test: Fit;
  /** On the whole set, after the last epoch. */
  readonly wholeTest?: Fit;
  /** On unaugmented training images. */
  readonly train: Fit;
  /** On the same training images; NC5 with both out-of-distribution sets. */
  readonly neuralCollapse: NeuralCollapse;
  /** AUROC by the out-of-distribution set's name, and the detector's. */
  readonly auroc: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A whole log; `Measured` is what its epochs hold. */
export interface TrainingLog<Measured = EpochMeasurements> {
  readonly settings: TrainingSettings;
  readonly trainingImages: number;
  readonly epochs: readonly EpochRecord<Measured>[];
  /** The log of the run whose last weights this one began with, where it did not begin with random ones. */
  readonly before?: TrainingLog<Measured>;
}

/** The epochs of a log and of those before it, numbered through. */
export function allEpochs<Measured>(
  { before, epochs }: TrainingLog<Measured>,
): EpochRecord<Measured>[] {
  const earlier = before === undefined ? [] : allEpochs(before);
  return [...earlier, ...epochs.map((it) => ({ ...it, epoch: earlier.length + it.epoch }))];
}

const FOLDER = fileURLToPath(new URL("../../data/resnet18-cifar100/", import.meta.url));

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
    if (Array.isArray(log.epochs) && log.epochs.length > 0) return log;
  } catch { /* told below */ }
  throw new DataFileError(`${path} is not a training log with epochs: get or make it again`);
}
