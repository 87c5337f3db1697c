/**
 * Training an image classifier by stochastic gradients, in runs that can be stopped at any moment and continue exactly.
 *
 * @module
 */
import { IMAGE_BYTES, type ImageSet, SIDE } from "../data/images.ts";
import { fillBatch } from "../data/batches.ts";
import { resized } from "../data/resize.ts";
import type { TrainingLog } from "./log.ts";
import type { LossAndAccuracy } from "../metrics/classification.ts";
import type { ResNet18 } from "../resnet/resnet.ts";
import { permutation, type Random, restored, seeded } from "../random.ts";
import { TensorFlowError } from "../tensorflow/mod.ts";
import {
  agree,
  average,
  bytesOf,
  firstSays,
  shareOf,
  takeFromFirst,
  textOfFirst,
  type Workers,
} from "./exchange.ts";
import { DivergedError, readCheckpoint, restoreArrays, saveCheckpoint } from "./checkpoint.ts";
import { continued, newEpoch, type Run, runOf } from "./run.ts";
import {
  checkSettings,
  earlyEpochs,
  learningRateAt,
  sideAt,
  type TrainingSettings,
} from "./settings.ts";
import { optimizerOf, trainingStep } from "./step.ts";

/** Where a run is, after each step. */
export interface TrainingProgress {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Passes over the training images. */
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps in a whole epoch. */
  readonly steps: number;
  /** Over this epoch so far. */
  readonly training: LossAndAccuracy;
  /** Training images a second in this epoch. */
  readonly imagesPerSecond: number;
  /** Seconds to the end of training at this rate. */
  readonly secondsLeft: number;
}

/** Options of `train`. */
export interface TrainingOptions<Measured> {
  /** The settings of the run. */
  settings: TrainingSettings;
  /** The file that is replaced by a checkpoint at the start, after each epoch, and once `checkpointSeconds` have passed. */
  checkpoint?: string;
  /** The longest time between two checkpoints. */
  checkpointSeconds?: number;
  /** The checkpoint to go on from; its weights take the place of those given. */
  resume?: string;
  /** Called after each epoch; what it returns, if anything, is kept in the epoch's record. */
  measure?: (
    network: ResNet18,
    epoch: number,
  ) => Measured | undefined | Promise<Measured | undefined>;
  /** Called after each epoch. */
  onEpoch?: (log: TrainingLog<Measured>) => void | Promise<void>;
  /** Called after each step. */
  onProgress?: (progress: TrainingProgress) => void;
  /** The processes that train together; each has the same settings and images, and takes its share of every batch. */
  workers?: Workers;
}

/**
 * Trains `network` on `images` and returns the log of the run. An epoch takes every image once in random order; the
 * images that do not fill a last batch wait for the next epoch.
 *
 * A run that is resumed from its checkpoint gives the same weights, bit by bit, as one that was never interrupted. It may go
 * on in another precision.
 *
 * @throws {RangeError} where a setting is not usable, or the resumed run had other settings or images.
 * @throws {DataFileError} where the checkpoint cannot be written, or the one to go on from is damaged.
 * @throws {DivergedError} where the loss or a weight is not finite; it names the step and the last good checkpoint.
 * @throws {ClusterError} where workers differ in what they train, or one of them fails.
 */
export async function train<Measured = undefined>(
  network: ResNet18,
  images: ImageSet,
  options: TrainingOptions<Measured>,
): Promise<TrainingLog<Measured>> {
  const { checkpoint, checkpointSeconds = Infinity, resume, workers } = options;
  const settings = checkSettings(options.settings), { batchSize, epochs, precision } = settings;
  const trainingImages = images.labels.length, steps = Math.floor(trainingImages / batchSize);
  if (steps === 0) {
    throw new RangeError(
      `${images.name} has ${trainingImages} images, fewer than one batch of ${batchSize}`,
    );
  }
  if (network.width !== settings.width) {
    throw new RangeError(
      `The network has the width ${network.width}, the settings say ${settings.width}`,
    );
  }
  const optimizer = optimizerOf(network, settings);
  const takeStep = trainingStep(network, optimizer, settings, workers);
  const [from, to] = shareOf(batchSize, workers), first = (workers?.collective.index ?? 0) === 0;
  const { parameters, statistics } = network;
  const arrays = { parameters, statistics, optimizer: optimizer.state };
  const batch = new Float32Array(batchSize * IMAGE_BYTES), labels = new Int32Array(batchSize);

  let run: Run<Measured> = {
    log: { settings, trainingImages, epochs: [] },
    step: 0,
    random: seeded(settings.seed).state(),
    current: newEpoch(),
  };
  let order: Int32Array = new Int32Array(0);
  try {
    if (workers) {
      await agree({
        settings: JSON.stringify(settings),
        images: images.pixels as Uint8Array<ArrayBuffer>,
        labels: images.labels as Uint8Array<ArrayBuffer>,
      }, workers);
    }
    if (resume !== undefined && first) {
      const saved = await readCheckpoint(resume);
      run = continued(runOf<Measured>(saved), { settings, trainingImages });
      restoreArrays(saved, arrays);
      order = saved.order;
    }
    if (workers) {
      const begun = JSON.parse(textOfFirst(JSON.stringify({ run, order: [...order] }), workers));
      run = begun.run;
      order = Int32Array.from(begun.order);
      for (const members of Object.values(arrays)) takeFromFirst(members, workers);
    }
    const random: Random = restored(run.random);
    let saved = { step: run.step, time: performance.now() };
    const save = async () => {
      if (checkpoint === undefined) return;
      if (workers) average(statistics, workers);
      run.random = random.state();
      if (!first) return;
      await saveCheckpoint(checkpoint, { arrays, order, progress: run });
      saved = { step: run.step, time: performance.now() };
    };
    if (checkpoint !== resume) await save();
    while (run.step < epochs * steps) {
      const epoch = Math.floor(run.step / steps) + 1, started = performance.now();
      const start = run.step % steps * batchSize, side = sideAt(settings, epoch);
      if (start === 0) {
        order = permutation(random, trainingImages);
        run.current = newEpoch();
      }
      const { current } = run, indices = order.subarray(start, start + batchSize);
      const augmentation = settings.augmentation ? { random, epoch } : undefined;
      fillBatch(batch, { images, indices, augmentation });
      indices.forEach((index, i) => labels[i] = images.labels[index]);
      const learningRate = learningRateAt(settings, { step: run.step, stepsPerEpoch: steps });
      const { loss, correct } = takeStep(
        resized(batch.subarray(from * IMAGE_BYTES, to * IMAGE_BYTES), side),
        labels.subarray(from, to),
        learningRate,
      );
      run.step++;
      if (!Number.isFinite(loss)) {
        throw new DivergedError(
          `The loss is ${loss} at step ${run.step} (epoch ${epoch}), with the learning rate ` +
            `${learningRate.toPrecision(3)}. ${
              lastGood(checkpoint, saved.step)
            } Train again with a smaller rate`,
        );
      }
      current.loss += loss;
      current.correct += correct;
      current.seconds += (performance.now() - started) / 1000;
      if (!current.precisions.includes(precision)) current.precisions.push(precision);

      const done = start / batchSize + 1;
      const training = {
        loss: current.loss / done,
        accuracy: current.correct / (done * batchSize),
      };
      const imagesPerSecond = done * batchSize / current.seconds;
      const secondsLeft = workLeft(settings, { epoch, done: done / steps }) * steps * batchSize /
        imagesPerSecond;
      options.onProgress?.(
        { epoch, epochs, step: done, steps, training, imagesPerSecond, secondsLeft },
      );
      if (done === steps) {
        if (workers) {
          average(statistics, workers);
          await agree({ weights: bytesOf(parameters) }, workers);
        }
        const measured = await options.measure?.(network, epoch);
        const { precisions } = current;
        run.log.epochs.push(
          { epoch, training, learningRate, side, precisions, imagesPerSecond, measured },
        );
        await options.onEpoch?.(run.log);
      }
      const due = performance.now() - saved.time >= 1000 * checkpointSeconds;
      if (done === steps || (workers ? firstSays(due, workers) : due)) await save();
    }
  } catch (error) {
    throw workers && error instanceof TensorFlowError ? workers.collective.explain(error) : error;
  } finally {
    for (const array of optimizer.state.values()) array.dispose();
  }
  return run.log;
}

/** One line on where a run is: for a terminal, or a notebook's progress. */
export function describeProgress(
  { epoch, epochs, step, steps, training, imagesPerSecond, secondsLeft }: TrainingProgress,
): string {
  return `epoch ${epoch} of ${epochs}, step ${step} of ${steps}: loss ${
    training.loss.toFixed(2)
  }, ` +
    `accuracy ${(100 * training.accuracy).toFixed(1)}%, ${imagesPerSecond.toFixed(0)} images/s, ` +
    `${duration(secondsLeft)} left`;
}

/** Seconds as a person says them. */
function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60), hours = Math.floor(minutes / 60);
  if (minutes < 1) return "under a minute";
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

/** What is left of a run in epochs of the current one's size of images: the time of an image goes with its pixels. */
function workLeft(
  settings: TrainingSettings,
  { epoch, done }: { epoch: number; done: number },
): number {
  const { epochs, earlySide } = settings, first = earlyEpochs(settings);
  const early = Math.max(0, first - epoch), late = epochs - Math.max(epoch, first);
  const pixels = early * earlySide ** 2 + late * SIDE ** 2;
  return 1 - done + pixels / sideAt(settings, epoch) ** 2;
}

function lastGood(checkpoint: string | undefined, step: number): string {
  return checkpoint === undefined
    ? "There is no checkpoint."
    : `The last good checkpoint is ${checkpoint}, after step ${step}.`;
}
