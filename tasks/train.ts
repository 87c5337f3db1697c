/**
 * Trains a ResNet-18 on CIFAR-100.
 *
 * Into its folder go `checkpoint.safetensors` (everything to resume from), `before-cool-down.safetensors` (the same, for longer
 * runs), `log.json` (settings and a record of each epoch) and `epochs/epoch-NN.safetensors` (half-precision weights of
 * each epoch).
 *
 * @module
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
import type { Option, Values } from "./shared/options.ts";
import { epochFile } from "./shared/run_folder.ts";
import { exists, task } from "./shared/task.ts";

const SETTINGS = Object.keys(PRESETS.default) as (keyof TrainingSettings)[];
const optionOf = (setting: string) => setting.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`);
/** An option for each setting, of the type that it has in the default preset. */
const settingOptions: Record<string, Option> = Object.fromEntries(SETTINGS.map((name) => {
  const value = PRESETS.default[name];
  const type = typeof value === "boolean"
    ? ["true", "false"]
    : typeof value === "number"
    ? "number"
    : "text";
  return [optionOf(name), {
    type,
    meaning: `the setting ${name} (${value} in the default preset)`,
  }];
}));

const options = {
  preset: { type: Object.keys(PRESETS), default: "default", meaning: "the settings to begin with" },
  output: { type: "text", meaning: "the run's folder (default: data/runs/PRESET)" },
  resume: { type: "flag", meaning: "go on where an interrupted run was, with its settings" },
  "resume-from": { type: "text", meaning: "go on from this checkpoint of another run" },
  from: {
    type: "text",
    meaning:
      "begin with the weights of this folder, a run's or the committed one, instead of random ones",
  },
  images: { type: "number", meaning: "train on the first so many images only" },
} as const satisfies Record<string, Option>;

async function run(given: Values<typeof options>): Promise<void> {
  const { preset } = given;
  const output = given.output ?? path(`data/runs/${preset}`);
  const checkpoint = join(output, "checkpoint.safetensors");
  const resume = given["resume-from"] ?? (given.resume ? checkpoint : undefined);
  const begun = resume === undefined ? undefined : await readRunLog(resume);
  const base: TrainingSettings = begun?.settings ?? PRESETS[preset as keyof typeof PRESETS];
  const settings = checkSettings({ ...base, ...settingsIn(given) });
  const all = await readCifar("CIFAR-100 training");
  const images = firstImages(all, given.images ?? begun?.trainingImages ?? all.labels.length);
  const network = new ResNet18(seeded(settings.seed));
  const earlier = given.from === undefined ? undefined : await readEnd(given.from);
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

/** The settings that were `given` as options. */
function settingsIn(given: Record<string, unknown>): Partial<TrainingSettings> {
  return Object.fromEntries(
    SETTINGS.filter((name) => optionOf(name) in given).map((name) => {
      const value = given[optionOf(name)];
      return [name, typeof PRESETS.default[name] === "boolean" ? value === "true" : value];
    }),
  );
}

/** The log and the last weights of a run's folder, or of an exported network's. */
async function readEnd(folder: string) {
  const log = await readTrainingLog("log.json", { folder });
  const exported = join(folder, "weights.safetensors");
  const file = await exists(exported) ? exported : epochFile(folder, log.epochs.length);
  return { log, weights: await readSafetensors(file) };
}

await task(
  "train",
  {
    options: { ...options, ...settingOptions },
    details: "Everything a run keeps is in its folder; an interrupted run goes on by --resume.",
    examples: {
      train: "the default preset, to data/runs/default",
      "train --preset course": "the course report's recipe",
      "train --resume": "goes on where an interrupted run was",
      "train --epochs 60 --output DIR": "other settings, another folder",
      "train --epochs 32 --output DIR --resume-from data/runs/default/before-cool-down.safetensors":
        "a longer run, from where the shorter one's learning rate began to fall",
      "train --from data/resnet18-cifar100 --frozen-stages 1 --cool-down 0.9 --epochs 5":
        "begins with the committed network and leaves its first stage as it is",
    },
  },
  run,
  DataFileError,
  DivergedError,
  RangeError,
);
