/**
 * Training an image classifier by stochastic gradients, in runs that can be stopped at any moment and continue exactly.
 *
 * @module
 */
import { IMAGE_BYTES, type ImageSet } from "../data/images.ts";
import type { ResNet18 } from "../models/resnet.ts";
import { permutation, type Random, restored, seeded } from "../random.ts";
import { fillBatch } from "./batches.ts";
import { DivergedError, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { checkSettings, learningRateAt, type TrainingSettings } from "./settings.ts";
import { optimizerOf, trainingStep } from "./step.ts";

/** Mean loss and accuracy over images. */
export interface Fit {
  readonly loss: number;
  readonly accuracy: number;
}

/** What is known of a finished epoch. `training` is measured while the weights change, on augmented images. */
export interface EpochRecord<Measured> {
  readonly epoch: number;
  readonly training: Fit;
  readonly learningRate: number;
  /** Training images a second. */
  readonly imagesPerSecond: number;
  readonly measured: Measured;
}

/** Where a run is, after each step. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, and in a whole one. */
  readonly step: number;
  readonly steps: number;
  /** Over this epoch so far. */
  readonly training: Fit;
  /** Training images a second since the run was started or resumed. */
  readonly imagesPerSecond: number;
  /** Seconds to the end of training at this rate. */
  readonly secondsLeft: number;
}

/** Options of `train`. */
export interface TrainingOptions<Measured> {
  settings: TrainingSettings;
  /** The file of the checkpoint: read where `resume` is set, replaced after each epoch and every `checkpointSteps`. */
  checkpoint?: string;
  resume?: boolean;
  checkpointSteps?: number;
  /** Called after each epoch; what it returns is kept in the epoch's record. */
  measure?: (network: ResNet18, epoch: number) => Measured | Promise<Measured>;
  onEpoch?: (records: readonly EpochRecord<Measured>[]) => void | Promise<void>;
  onProgress?: (progress: TrainingProgress) => void;
}

/** What a checkpoint holds besides arrays. */
interface Progress<Measured> {
  settings: TrainingSettings;
  /** Steps done since the run began. */
  step: number;
  random: number[];
  /** Sums over the current epoch. */
  sums: { loss: number; correct: number; seconds: number };
  records: EpochRecord<Measured>[];
}

/**
 * Trains `network` on `images` and returns a record of each epoch. An epoch takes every image once in random order; the
 * images that do not fill a last batch wait for the next epoch.
 *
 * A run that is resumed from its checkpoint gives the same weights, bit by bit, as one that was never interrupted.
 *
 * @throws {RangeError} where a setting is not usable, or differs from the resumed run's.
 * @throws {DivergedError} where the loss or a weight is not finite; it names the step and the last good checkpoint.
 */
export async function train<Measured = undefined>(
  network: ResNet18,
  images: ImageSet,
  options: TrainingOptions<Measured>,
): Promise<EpochRecord<Measured>[]> {
  const { checkpoint, resume = false, checkpointSteps = Infinity } = options;
  const settings = checkSettings(options.settings);
  const { batchSize, epochs } = settings;
  const stepsPerEpoch = Math.floor(images.labels.length / batchSize);
  if (stepsPerEpoch === 0) {
    throw new RangeError(
      `${images.name} has ${images.labels.length} images, fewer than one batch of ${batchSize}`,
    );
  }
  const optimizer = optimizerOf(network, settings);
  const step = trainingStep(network, optimizer, settings);
  const arrays = {
    parameters: network.parameters,
    statistics: network.statistics,
    optimizer: optimizer.state,
  };
  let random: Random = seeded(settings.seed);
  let order: Int32Array = new Int32Array(0);
  let progress: Progress<Measured> = {
    settings,
    step: 0,
    random: [],
    sums: { loss: 0, correct: 0, seconds: 0 },
    records: [],
  };
  if (resume && checkpoint !== undefined) {
    const saved = await loadCheckpoint<Progress<Measured>>(checkpoint, arrays);
    checkSameSettings(settings, saved.progress.settings);
    progress = saved.progress;
    order = saved.order;
    random = restored(progress.random);
  }
  const save = async () => {
    if (checkpoint === undefined) return;
    await saveCheckpoint(checkpoint, {
      arrays,
      order,
      progress: { ...progress, random: random.state() },
    });
  };

  const batch = new Float32Array(batchSize * IMAGE_BYTES), labels = new Int32Array(batchSize);
  let lastSaved = progress.step;
  while (progress.step < epochs * stepsPerEpoch) {
    const epochStep = progress.step % stepsPerEpoch;
    const epoch = Math.floor(progress.step / stepsPerEpoch) + 1;
    const stepStarted = performance.now();
    if (epochStep === 0) {
      order = permutation(random, images.labels.length);
      progress.sums = { loss: 0, correct: 0, seconds: 0 };
    }
    const indices = order.subarray(epochStep * batchSize, (epochStep + 1) * batchSize);
    fillBatch(batch, { images, indices, random: settings.augmentation ? random : undefined });
    indices.forEach((index, i) => labels[i] = images.labels[index]);
    const learningRate = learningRateAt(settings, {
      step: progress.step,
      steps: epochs * stepsPerEpoch,
    });
    const { loss, correct } = step(batch, labels, learningRate);
    if (!Number.isFinite(loss)) {
      throw new DivergedError(
        `The loss is ${loss} at step ${progress.step + 1} (epoch ${epoch}), learning rate ${
          learningRate.toPrecision(3)
        }. ` + (lastSaved > 0 && checkpoint !== undefined
          ? `The last good checkpoint is ${checkpoint}, after step ${lastSaved}. `
          : `There is no checkpoint yet. `) +
          `Train again with a smaller learning rate`,
      );
    }
    const { sums } = progress;
    sums.loss += loss;
    sums.correct += correct;
    sums.seconds += (performance.now() - stepStarted) / 1000;
    progress.step++;
    const stepsDone = epochStep + 1;
    const training = {
      loss: sums.loss / stepsDone,
      accuracy: sums.correct / (stepsDone * batchSize),
    };
    const imagesPerSecond = stepsDone * batchSize / sums.seconds;
    options.onProgress?.({
      epoch,
      epochs,
      step: stepsDone,
      steps: stepsPerEpoch,
      training,
      imagesPerSecond,
      secondsLeft: (epochs * stepsPerEpoch - progress.step) * batchSize / imagesPerSecond,
    });
    if (stepsDone === stepsPerEpoch) {
      const measured = await options.measure?.(network, epoch) as Measured;
      progress.records = [
        ...progress.records,
        { epoch, training, learningRate, imagesPerSecond, measured },
      ];
      await options.onEpoch?.(progress.records);
    }
    if (stepsDone === stepsPerEpoch || progress.step - lastSaved >= checkpointSteps) {
      await save();
      lastSaved = progress.step;
    }
  }
  for (const array of optimizer.state.values()) array.dispose();
  return progress.records;
}

function checkSameSettings(given: TrainingSettings, saved: TrainingSettings): void {
  for (const name of Object.keys(given) as (keyof TrainingSettings)[]) {
    if (given[name] !== saved[name]) {
      throw new RangeError(
        `Cannot resume with another ${name}: the checkpoint has ${saved[name]}, got ${
          given[name]
        }. ` +
          `Give the same settings, or begin a new run`,
      );
    }
  }
}
