/**
 * Training an image classifier by stochastic gradients, in runs that can be stopped at any moment and continue exactly.
 *
 * @module
 */
import { IMAGE_BYTES, type ImageSet } from "../data/images.ts";
import type { EpochRecord, TrainingLog } from "./log.ts";
import type { LossAndAccuracy } from "../metrics/classification.ts";
import type { ResNet18 } from "../resnet/resnet.ts";
import { permutation, type Random, restored, seeded } from "../random.ts";
import { fillBatch } from "../data/batches.ts";
import { DivergedError, loadCheckpoint, readProgress, saveCheckpoint } from "./checkpoint.ts";
import { checkSettings, coolDownStart, learningRateAt, type TrainingSettings } from "./settings.ts";
import { optimizerOf, trainingStep } from "./step.ts";

/** Where a run is, after each step. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, and in a whole one. */
  readonly step: number;
  readonly steps: number;
  /** Over this epoch so far. */
  readonly training: LossAndAccuracy;
  /** Training images a second since the run was started or resumed. */
  readonly imagesPerSecond: number;
  /** Seconds to the end of training at this rate. */
  readonly secondsLeft: number;
}

/** Options of `train`. */
export interface TrainingOptions<Measured> {
  settings: TrainingSettings;
  /** The log of the run that made the network's weights, where they are not random. */
  before?: TrainingLog<Measured>;
  /** The file that is replaced by a checkpoint after each epoch and every `checkpointSteps`. */
  checkpoint?: string;
  checkpointSteps?: number;
  /** The file of a checkpoint where the learning rate begins to fall: a run of more epochs can go on from it. */
  beforeCoolDown?: string;
  /** The checkpoint to go on from; its weights, and what it knows of runs before, take the place of those given. */
  resume?: string;
  /** Called after each epoch; what it returns is kept in the epoch's record. */
  measure?: (network: ResNet18, epoch: number) => Measured | Promise<Measured>;
  onEpoch?: (log: TrainingLog<Measured>) => void | Promise<void>;
  onProgress?: (progress: TrainingProgress) => void;
}

/** Where a run stands, besides its arrays: what a checkpoint keeps. */
interface Run<Measured> {
  readonly log: TrainingLog<Measured> & { epochs: EpochRecord<Measured>[] };
  /** Steps done since the run began. */
  step: number;
  /** State of the generator of order and augmentation. */
  random: number[];
  /** Sums over the current epoch. */
  sums: { loss: number; correct: number; seconds: number };
}

/**
 * Trains `network` on `images` and returns the log of the run. An epoch takes every image once in random order; the
 * images that do not fill a last batch wait for the next epoch.
 *
 * A run that is resumed from its checkpoint gives the same weights, bit by bit, as one that was never interrupted. A
 * checkpoint from before the learning rate falls can also be resumed with another number of epochs.
 *
 * @throws {RangeError} where a setting is not usable, or the resumed run had other settings or images.
 * @throws {DivergedError} where the loss or a weight is not finite; it names the step and the last good checkpoint.
 */
export async function train<Measured = undefined>(
  network: ResNet18,
  images: ImageSet,
  options: TrainingOptions<Measured>,
): Promise<TrainingLog<Measured>> {
  const { before, checkpoint, checkpointSteps = Infinity, beforeCoolDown, resume } = options;
  const settings = checkSettings(options.settings), { batchSize, epochs } = settings;
  const trainingImages = images.labels.length, steps = Math.floor(trainingImages / batchSize);
  if (steps === 0) {
    throw new RangeError(
      `${images.name} has ${trainingImages} images, fewer than one batch of ${batchSize}`,
    );
  }
  const optimizer = optimizerOf(network, settings);
  const takeStep = trainingStep(network, optimizer, settings);
  const { parameters, statistics } = network;
  const arrays = { parameters, statistics, optimizer: optimizer.state };
  const batch = new Float32Array(batchSize * IMAGE_BYTES), labels = new Int32Array(batchSize);

  let run: Run<Measured> = {
    log: { settings, trainingImages, epochs: [], before },
    step: 0,
    random: [],
    sums: noSums(),
  };
  let order: Int32Array = new Int32Array(0);
  let random: Random = seeded(settings.seed);
  try {
    if (resume !== undefined) {
      const saved = await loadCheckpoint<Run<Measured>>(resume, arrays);
      checkSameRun(saved.progress, { settings, trainingImages, stepsPerEpoch: steps });
      run = { ...saved.progress, log: { ...saved.progress.log, settings } };
      order = saved.order;
      random = restored(run.random);
    }
    const save = (path: string) =>
      saveCheckpoint(path, { arrays, order, progress: { ...run, random: random.state() } });
    let lastSaved = run.step;
    while (run.step < epochs * steps) {
      const epoch = Math.floor(run.step / steps) + 1, started = performance.now();
      const start = run.step % steps * batchSize;
      if (start === 0) {
        order = permutation(random, trainingImages);
        run.sums = noSums();
      }
      const indices = order.subarray(start, start + batchSize);
      fillBatch(batch, { images, indices, random: settings.augmentation ? random : undefined });
      indices.forEach((index, i) => labels[i] = images.labels[index]);
      const learningRate = learningRateAt(settings, { step: run.step, stepsPerEpoch: steps });
      const { loss, correct } = takeStep(batch, labels, learningRate);
      run.step++;
      if (!Number.isFinite(loss)) {
        throw new DivergedError(
          `The loss is ${loss} at step ${run.step} (epoch ${epoch}), with the learning rate ` +
            `${learningRate.toPrecision(3)}. ${
              lastGood(checkpoint, lastSaved)
            } Train again with a smaller rate`,
        );
      }
      run.sums.loss += loss;
      run.sums.correct += correct;
      run.sums.seconds += (performance.now() - started) / 1000;

      const done = start / batchSize + 1;
      const training = {
        loss: run.sums.loss / done,
        accuracy: run.sums.correct / (done * batchSize),
      };
      const imagesPerSecond = done * batchSize / run.sums.seconds;
      const secondsLeft = (epochs * steps - run.step) * batchSize / imagesPerSecond;
      options.onProgress?.(
        { epoch, epochs, step: done, steps, training, imagesPerSecond, secondsLeft },
      );
      if (done === steps) {
        const measured = await options.measure?.(network, epoch) as Measured;
        run.log.epochs.push({ epoch, training, learningRate, imagesPerSecond, measured });
        await options.onEpoch?.(run.log);
      }
      const due = done === steps || run.step - lastSaved >= checkpointSteps;
      if (checkpoint !== undefined && due) {
        await save(checkpoint);
        lastSaved = run.step;
      }
      if (beforeCoolDown !== undefined && run.step === coolDownStart(settings, steps)) {
        await save(beforeCoolDown);
      }
    }
  } finally {
    for (const array of optimizer.state.values()) array.dispose();
  }
  return run.log;
}

/**
 * The log of the run whose checkpoint lies at `path`, as far as it has come: its settings resume it.
 *
 * @throws {DataFileError} where the file is damaged or no checkpoint.
 */
export async function readRunLog<Measured>(path: string): Promise<TrainingLog<Measured>> {
  return (await readProgress<Run<Measured>>(path)).log;
}

/** One line on where a run is: for a terminal, or a notebook's progress. */
export function describeProgress(
  { epoch, epochs, step, steps, training, imagesPerSecond, secondsLeft }: TrainingProgress,
): string {
  const minutes = secondsLeft / 60;
  return `epoch ${epoch}/${epochs}, step ${step}/${steps}: loss ${training.loss.toFixed(3)}, ` +
    `accuracy ${(100 * training.accuracy).toFixed(1)}%, ${imagesPerSecond.toFixed(1)} images/s, ` +
    `${minutes < 1 ? "under a minute" : `${Math.round(minutes)} min`} left`;
}

function noSums() {
  return { loss: 0, correct: 0, seconds: 0 };
}

function lastGood(checkpoint: string | undefined, step: number): string {
  return checkpoint === undefined || step === 0
    ? "There is no checkpoint yet."
    : `The last good checkpoint is ${checkpoint}, after step ${step}.`;
}

function checkSameRun<Measured>(
  { log, step }: Run<Measured>,
  { settings, trainingImages, stepsPerEpoch }: {
    settings: TrainingSettings;
    trainingImages: number;
    stepsPerEpoch: number;
  },
): void {
  const epochs = Math.min(settings.epochs, log.settings.epochs);
  const common = coolDownStart({ ...settings, epochs }, stepsPerEpoch);
  for (const name of Object.keys(settings) as (keyof TrainingSettings)[]) {
    const [now, before] = [settings[name], log.settings[name]];
    if (now !== before && !(name === "epochs" && step <= common)) {
      throw new RangeError(
        `Cannot resume with another ${name}: the checkpoint has ${before}, got ${now}. Give the same settings, or ` +
          `begin a new run in another folder. Only epochs may change, until the learning rate falls`,
      );
    }
  }
  if (log.trainingImages !== trainingImages) {
    throw new RangeError(
      `Cannot resume on ${trainingImages} images: the checkpoint is of a run on ${log.trainingImages}`,
    );
  }
}
