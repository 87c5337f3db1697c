/**
 * Trains a ResNet-18 on CIFAR-100.
 *
 * Into its folder go `checkpoint.safetensors` (everything to resume from), `log.json` (settings and a record of each epoch)
 * and `epochs/epoch-NN.safetensors` (half-precision weights of each measured epoch).
 *
 * @module
 */
import { join } from "node:path";
import { checkWhole } from "../lib/checks.ts";
import { readCifar } from "../lib/data/cifar.ts";
import { DataFileError, writeJson } from "../lib/data/files.ts";
import { firstImages } from "../lib/data/images.ts";
import { writeSafetensors } from "../lib/data/safetensors.ts";
import { ResNet18 } from "../lib/resnet/resnet.ts";
import { storedWeights } from "../lib/resnet/weights.ts";
import { seeded } from "../lib/random.ts";
import { measureEpoch, readMeasuredImages } from "../lib/training/epoch_measurements.ts";
import { ClusterError } from "../lib/tensorflow/mod.ts";
import { DivergedError } from "../lib/training/checkpoint.ts";
import { textOfFirst } from "../lib/training/exchange.ts";
import type { EpochRecord } from "../lib/training/log.ts";
import { readRunLog } from "../lib/training/run.ts";
import {
  checkSettings,
  PRESETS,
  SETTINGS,
  type TrainingSettings,
} from "../lib/training/settings.ts";
import { describeProgress, train } from "../lib/training/trainer.ts";
import { path } from "./shared/environment.ts";
import type { Option, Values } from "./shared/options.ts";
import { progressLines } from "./shared/progress.ts";
import { epochFile } from "./shared/run_folder.ts";
import { exists, Problem, task } from "./shared/task.ts";
import { joinWorkers, runLocalWorkers, workerOptions } from "./shared/workers.ts";

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
  images: { type: "number", meaning: "train on the first so many images only" },
  "measure-every": {
    type: "number",
    default: 4,
    meaning: "measure every so many epochs, and the last",
  },
  ...workerOptions,
} as const satisfies Record<string, Option>;

async function run(given: Values<typeof options>): Promise<void> {
  const { preset, resume = false } = given;
  const local = given["local-workers"];
  if (local !== undefined) {
    await runLocalWorkers(import.meta.url, checkWhole("--local-workers", local, { least: 1 }));
  }
  const measureEvery = checkWhole("--measure-every", given["measure-every"], { least: 1 });
  const output = given.output ?? path(`data/runs/${preset}`);
  const checkpoint = join(output, "checkpoint.safetensors");
  const workers = await joinWorkers(given), first = (workers?.collective.index ?? 0) === 0;
  if (first && !resume && await exists(checkpoint)) {
    throw new Problem(
      `${output} holds a run already: go on with it by --resume, or begin another in another folder, by --output`,
    );
  }
  const say = progressLines();
  say(`${resume ? "Going on with" : "Beginning"} the run in ${output}`, { always: true });
  const begun = resume && first ? await readRunLog(checkpoint) : undefined;
  const base: TrainingSettings = begun?.settings ?? PRESETS[preset as keyof typeof PRESETS];
  let settings = checkSettings({ ...base, ...settingsIn(given) });
  if (workers && resume) settings = JSON.parse(textOfFirst(JSON.stringify(settings), workers));
  if (begun?.epochs.length === settings.epochs) {
    return say(`It is finished: all ${settings.epochs} epochs are done`, { always: true });
  }
  say("Reading the images", { always: true });
  const log = join(output, "log.json");
  const all = await readCifar("CIFAR-100 training");
  const images = firstImages(all, given.images ?? begun?.trainingImages ?? all.labels.length);
  const trainingImages = images.labels.length;
  if (first && !resume) await writeJson(log, { settings, trainingImages, epochs: [] });
  const measured = await readMeasuredImages(images);
  say(
    `A ResNet-18 of width ${settings.width}, ${
      images.labels.length.toLocaleString("en")
    } images, ` +
      `${settings.optimizer} in ${settings.precision}; the first step takes longer than the others`,
    { always: true },
  );
  const network = new ResNet18(seeded(settings.seed), { width: settings.width });
  await train(network, images, {
    settings,
    checkpoint,
    checkpointSeconds: 240,
    resume: resume ? checkpoint : undefined,
    workers,
    async measure(network, epoch) {
      const last = epoch === settings.epochs;
      if (epoch % measureEvery !== 0 && !last) return undefined;
      if (first) {
        await writeSafetensors(epochFile(output, epoch), storedWeights(network, { half: true }));
      }
      return measureEpoch(network, measured, {
        wholeTest: last,
        workers: workers?.collective,
        onProgress: (what) => say(`epoch ${epoch} of ${settings.epochs}, measuring: ${what}`),
      });
    },
    async onEpoch(record) {
      if (first) await writeJson(log, record);
      say(describeEpoch(record.epochs.at(-1)!), { always: true });
    },
    onProgress: (progress) => say(describeProgress(progress)),
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

function describeEpoch({ epoch, training, measured }: EpochRecord): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const trained = `epoch ${epoch} done: right on ${percent(training.accuracy)} of its images`;
  if (measured === undefined) return trained;
  const { test, wholeTest, train, neuralCollapse, auroc } = measured;
  const whole = wholeTest === undefined ? "" : `, ${percent(wholeTest.accuracy)} of all`;
  const detection = Object.entries(auroc).map(([set, values]) =>
    `${set} ${Object.values(values).map((it) => it.toFixed(2)).join("/")}`
  );
  return `${trained}, ${percent(train.accuracy)} of them unaugmented, ` +
    `${percent(test.accuracy)} of 2,000 test images${whole}; ` +
    `NC1 ${neuralCollapse.withinClassVariability.toFixed(2)}; ` +
    `AUROC (maximum softmax/energy/NECO) ${detection.join(", ")}`;
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
      "train --resume --precision float32": "the same, on a processor without bfloat16",
      "train --width 16 --output DIR": "other settings, another folder",
      "train --local-workers 2": "two workers on this machine, to try it",
      "train --workers a:2222,b:2222 --index 0":
        "the first of two machines; on the other, --index 1",
    },
  },
  run,
  DataFileError,
  ClusterError,
  DivergedError,
  RangeError,
);
