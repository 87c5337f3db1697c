/**
 * Trains a ResNet-18 on CIFAR-100:
 *
 *     deno task train                              the default preset, to data/runs/default
 *     deno task train --preset course              the course report's recipe
 *     deno task train --resume                     goes on where an interrupted run was, with its settings
 *     deno task train --epochs 60 --output DIR     with other settings, in another folder
 *     deno task train --epochs 32 --output DIR --resume-from data/runs/default/before-cool-down.safetensors
 *                                                  a longer run, from where the shorter one's learning rate began to fall
 *     deno task train --from data/resnet18-cifar100 --frozen-stages 1 --cool-down 0.9 --epochs 5
 *                                                  begins with the weights of that folder, a run's or the committed one,
 *                                                  instead of random ones, and leaves those of the first stage as they are
 *
 * Each of `TrainingSettings` is an option, as `--weight-decay 1e-3` or `--augmentation false`; `--images 10000` trains on the first
 * so many images.
 *
 * In the folder: `checkpoint.safetensors` (everything to resume from), `before-cool-down.safetensors` (the same, for longer
 * runs), `log.json` (settings and a record of each epoch) and `epochs/epoch-NN.safetensors` (half-precision weights of
 * each epoch).
 */
import { join } from "node:path";
import { readCifar } from "../lib/data/cifar.ts";
import { DataFileError, writeJson } from "../lib/data/files.ts";
import { firstImages } from "../lib/data/images.ts";
import { readSafetensors, writeSafetensors } from "../lib/data/safetensors.ts";
import { readTrainingLog } from "../lib/training/log.ts";
import { ResNet18 } from "../lib/resnet/resnet.ts";
import { loadWeights, storedWeights } from "../lib/resnet/weights.ts";
import { seeded } from "../lib/random.ts";
import { measureEpoch, readMeasuredImages } from "../lib/training/epoch_measurements.ts";
import { DivergedError } from "../lib/training/checkpoint.ts";
import { checkSettings, PRESETS, type TrainingSettings } from "../lib/training/settings.ts";
import { describeProgress, readRunLog, train } from "../lib/training/trainer.ts";
import { path } from "./shared/environment.ts";
import { readOptions } from "./shared/options.ts";
import { epochFile } from "./shared/run_folder.ts";
import { exists, task } from "./shared/task.ts";

const SETTINGS = Object.keys(PRESETS.default) as (keyof TrainingSettings)[];
const optionOf = (setting: string) => setting.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`);
const settingOptions = Object.fromEntries(
  SETTINGS.map((name) => [optionOf(name), { type: "string" }]),
);

await task(run, DataFileError, DivergedError, RangeError);

async function run(): Promise<void> {
  const options = await readOptions(import.meta.url, {
    preset: { type: "string" },
    output: { type: "string" },
    resume: { type: "boolean" },
    "resume-from": { type: "string" },
    from: { type: "string" },
    images: { type: "string" },
    ...settingOptions as object,
  });
  const { preset = "default" } = options;
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new RangeError(`--preset is one of ${Object.keys(PRESETS).join(", ")}, got ${preset}`);
  }
  const output = options.output ?? path(`data/runs/${preset}`);
  const checkpoint = join(output, "checkpoint.safetensors");
  const resume = options["resume-from"] ?? (options.resume ? checkpoint : undefined);
  const begun = resume === undefined ? undefined : await readRunLog(resume);
  const base: TrainingSettings = begun?.settings ?? PRESETS[preset as keyof typeof PRESETS];
  const settings = checkSettings({ ...base, ...settingsIn(options) });
  const all = await readCifar("CIFAR-100 training");
  const images = firstImages(
    all,
    Number(options.images ?? begun?.trainingImages ?? all.labels.length),
  );
  const network = new ResNet18(seeded(settings.seed));
  const earlier = options.from === undefined ? undefined : await readEnd(options.from);
  if (earlier !== undefined) loadWeights(network, earlier.weights);
  const measured = await readMeasuredImages(images);
  await train(network, images, {
    settings,
    before: earlier?.log,
    checkpoint,
    checkpointSteps: 50,
    beforeCoolDown: join(output, "before-cool-down.safetensors"),
    resume,
    async measure(network, epoch) {
      await writeSafetensors(epochFile(output, epoch), storedWeights(network, { half: true }));
      return measureEpoch(network, measured, { wholeTest: epoch === settings.epochs });
    },
    async onEpoch(log) {
      await writeJson(join(output, "log.json"), log);
      const { epoch, measured: { test, wholeTest, train, auroc } } = log.epochs.at(-1)!;
      console.log(`epoch ${epoch} measured: ${JSON.stringify({ test, wholeTest, train, auroc })}`);
    },
    onProgress(progress) {
      const { step, steps } = progress;
      if (step % 10 === 0 || step === steps) console.log(describeProgress(progress));
    },
  });
}

/** The settings among `options`, numbers and truth values parsed. */
function settingsIn(options: Record<string, unknown>): Partial<TrainingSettings> {
  const parse = {
    number: Number,
    boolean: (text: string) => ({ true: true, false: false })[text] ?? text,
    string: (text: string) => text,
  };
  const given = SETTINGS.filter((name) => optionOf(name) in options);
  return Object.fromEntries(given.map((name) => {
    const kind = typeof PRESETS.default[name] as keyof typeof parse;
    return [name, parse[kind](options[optionOf(name)] as string)];
  }));
}

/** The log and the last weights of a run's folder, or of an exported network's. */
async function readEnd(folder: string) {
  const log = await readTrainingLog("log.json", { folder });
  const exported = join(folder, "weights.safetensors");
  const file = await exists(exported) ? exported : epochFile(folder, log.epochs.length);
  return { log, weights: await readSafetensors(file) };
}
