/**
 * Trains narrow networks on parts of the CIFAR-100 training set, to choose the settings of a long run.
 *
 * @module
 */
// @ts-types="npm:@types/d3-array@3.2.2"
import { deviation, mean } from "d3-array";
import { readCifar } from "../lib/data/cifar.ts";
import { DataFileError, readFile, writeJson } from "../lib/data/files.ts";
import { type ImageSet, imagesPerClass, selectImages, SIDE } from "../lib/data/images.ts";
import { stratifiedSplit } from "../lib/data/stratified_split.ts";
import { lossAndAccuracy } from "../lib/metrics/classification.ts";
import { type NeuralCollapse, neuralCollapse } from "../lib/metrics/neural_collapse.ts";
import { seeded } from "../lib/random.ts";
import { lastLayerOf, outputsOf } from "../lib/resnet/outputs.ts";
import { ResNet18 } from "../lib/resnet/resnet.ts";
import { tf } from "../lib/tensorflow/mod.ts";
import { DivergedError } from "../lib/training/checkpoint.ts";
import { PRESETS, type TrainingSettings } from "../lib/training/settings.ts";
import { describeProgress, train } from "../lib/training/trainer.ts";
import { path } from "./shared/environment.ts";
import { progressLines } from "./shared/progress.ts";
import { exists, Problem, task } from "./shared/task.ts";

type Changes = Partial<TrainingSettings>;

/** Pilots that are compared with each other: what they train on, and what each changes. */
interface Group {
  readonly classes: number;
  readonly imagesPerClass: number;
  readonly base: Changes;
  readonly pilots: Readonly<Record<string, Changes>>;
  /** Judge the exponential average of the weights over the last 100 steps or so instead of the last weights. */
  readonly averaged?: boolean;
}

/** What pilots have in common, but for what they or their group change. */
const PLAIN = {
  ...PRESETS.default,
  width: 16,
  batchSize: 64,
  optimizer: "nesterov",
  learningRate: 0.1,
  filterRate: 0,
  earlySide: SIDE,
  earlyShare: 0,
} as const;
const MUON = { optimizer: "muon", filterRate: 0.05 } as const;

const GROUPS: Readonly<Record<string, Group>> = {
  // Does the network collapse? Few classes without augmentation, far beyond the last training error.
  collapse: {
    classes: 10,
    imagesPerClass: 450,
    base: { epochs: 30, batchSize: 128, augmentation: false },
    pilots: { nesterov: {}, muon: MUON },
  },
  // Small images throughout, as these ten thousand images are trained on to compare the optimisers and schedules alone.
  optimizer: {
    classes: 100,
    imagesPerClass: 100,
    base: { epochs: 8, earlySide: 24, earlyShare: 1 },
    pilots: {
      "nesterov, rate 0.1": {},
      "muon, filter rate 0.05": MUON,
      "muon, filter rate 0.1": { ...MUON, filterRate: 0.1 },
      "muon, filter rate 0.02": { ...MUON, filterRate: 0.02 },
      "nesterov, rate 0.05": { learningRate: 0.05 },
      "cosine": { schedule: "cosine" },
      "trapezoid": { coolDown: 3 / 8 },
      "muon, filter rate 0.05, batch of 256": { ...MUON, batchSize: 256, learningRate: 0.2 },
      "label smoothing": { labelSmoothing: 0.1 },
    },
  },
  // The runs of `optimizer` again.
  averaged: {
    classes: 100,
    imagesPerClass: 100,
    base: { epochs: 8, earlySide: 24, earlyShare: 1 },
    averaged: true,
    pilots: { "nesterov, rate 0.1": {}, "muon, filter rate 0.05": MUON },
  },
  resolution: {
    classes: 100,
    imagesPerClass: 100,
    base: { epochs: 8 },
    pilots: {
      "32 pixels": {},
      "24 pixels for half": { earlySide: 24, earlyShare: 0.5 },
      "16 pixels for half": { earlySide: 16, earlyShare: 0.5 },
      "16 pixels for a quarter": { earlySide: 16, earlyShare: 0.25 },
    },
  },
};

/** What one network came to. */
interface Result {
  readonly seed: number;
  /** On the images held out. */
  readonly accuracy: number;
  readonly loss: number;
  /** On the training images without augmentation. */
  readonly trainingAccuracy: number;
  readonly neuralCollapse: Omit<NeuralCollapse, "withinClassVariances" | "orthogonality">;
  readonly seconds: number;
}

interface Pilot {
  readonly group: string;
  readonly name: string;
  readonly settings: Omit<TrainingSettings, "seed">;
  readonly trainingImages: number;
  readonly results: Result[];
}

const TABLE = path("data/resnet18-cifar100/pilots.json");

async function pilot({ only, seeds }: { only?: string; seeds: number }): Promise<void> {
  const images = await readCifar("CIFAR-100 training");
  const chosen = Object.entries(GROUPS).flatMap(([group, { pilots, base, ...part }]) =>
    Object.entries(pilots).map(([name, changes]) => ({ group, name, part, base, changes }))
  ).filter(({ group, name }) => [undefined, group, `${group}/${name}`].includes(only));
  if (chosen.length === 0) throw new Problem(`--only names no pilot or group, got "${only}"`);
  for (const { group, name, part, base, changes } of chosen) {
    const { seed: _, ...settings } = { ...PLAIN, ...base, ...changes };
    const sets = splitOf(images, part), trainingImages = sets.training.labels.length;
    const pilot = { group, name, settings, trainingImages, results: [] };
    for (let seed = 1; seed <= seeds; seed++) {
      if (entryOf(pilot, await readTable()).results.some((it) => it.seed === seed)) continue;
      console.log(`${group}, ${name}, seed ${seed}`);
      const result = await resultOf({ ...settings, seed }, { ...sets, ...part });
      // Read again, as another process may have added to it meanwhile.
      const table = await readTable(), entry = entryOf(pilot, table);
      entry.results.push(result);
      await writeJson(TABLE, table);
      console.log(describe(entry));
    }
  }
}

async function readTable(): Promise<Pilot[]> {
  return await exists(TABLE) ? JSON.parse(new TextDecoder().decode(await readFile(TABLE))) : [];
}

/** The entry of `pilot` in `table`; `pilot` itself, which then belongs to it, where it had none. */
function entryOf(pilot: Pilot, table: Pilot[]): Pilot {
  const entry = table.find((it) => it.group === pilot.group && it.name === pilot.name);
  if (entry === undefined) {
    table.push(pilot);
    return pilot;
  }
  const made = ({ settings, trainingImages }: Pilot) => JSON.stringify([settings, trainingImages]);
  if (made(entry) !== made(pilot)) {
    throw new Problem(
      `In the table, ${pilot.group}/${pilot.name} has other settings: remove it from ${TABLE}`,
    );
  }
  return entry;
}

/** The first images of each class among those not held out, and those held out, of the first classes. */
function splitOf(images: ImageSet, part: { classes: number; imagesPerClass: number }) {
  const { held, rest } = stratifiedSplit(images.labels, { count: 5000, random: seeded(0) });
  const [heldOut, others] = [held, rest].map((indices) =>
    selectImages(images, indices.filter((i) => images.labels[i] < part.classes))
  );
  return { training: imagesPerClass(others, part.imagesPerClass), heldOut };
}

async function resultOf(
  settings: TrainingSettings,
  { training, heldOut, classes, averaged = false }: {
    training: ImageSet;
    heldOut: ImageSet;
    classes: number;
    averaged?: boolean;
  },
): Promise<Result> {
  const started = performance.now();
  const network = new ResNet18(seeded(settings.seed), { classes, width: settings.width });
  const say = progressLines(), average = averaged ? averageOf(network) : undefined;
  await train(network, training, {
    settings,
    onProgress(progress) {
      average?.add();
      say(describeProgress(progress));
    },
  });
  average?.take();
  const seconds = (performance.now() - started) / 1000;
  const trained = outputsOf(network, training);
  const { accuracy, loss } = lossAndAccuracy(outputsOf(network, heldOut));
  const { withinClassVariances: _, orthogonality: __, ...collapse } = neuralCollapse({
    ...trained,
    lastLayer: lastLayerOf(network),
  });
  network.dispose();
  const trainingAccuracy = lossAndAccuracy(trained).accuracy;
  return {
    seed: settings.seed,
    accuracy,
    loss,
    trainingAccuracy,
    neuralCollapse: collapse,
    seconds,
  };
}

/** An exponential average of a network's weights and statistics, which can take their place. */
function averageOf(network: ResNet18) {
  const arrays = [...network.parameters.values(), ...network.statistics.values()];
  const averages = tf.tidy(() => arrays.map((it) => tf.variable(it.clone(), false)));
  return {
    add: () =>
      tf.tidy(() => averages.forEach((it, k) => it.assign(it.mul(0.99).add(arrays[k].mul(0.01))))),
    take() {
      averages.forEach((it, k) => arrays[k].assign(it));
      tf.dispose(averages);
    },
  };
}

function describe({ group, name, results }: Pilot): string {
  const percent = results.map(({ accuracy }) => 100 * accuracy);
  const spread = results.length > 1 ? ` ± ${deviation(percent)!.toFixed(1)}` : "";
  return `${group}, ${name}: ${mean(percent)!.toFixed(1)}%${spread} of the images held out, NC1 ${
    results.map(({ neuralCollapse: it }) => it.withinClassVariability.toFixed(2)).join(", ")
  } (${results.length} seeds)`;
}

await task(
  "pilots",
  {
    options: {
      only: { type: "text", meaning: "a group of pilots, or one as GROUP/NAME (default: all)" },
      seeds: { type: "number", default: 3, meaning: "networks of each pilot" },
    },
    details:
      `5,000 of the training images, 50 of each class, are held out; the test set is never read. Each pilot changes some settings
of its group's base. The table, data/resnet18-cifar100/pilots.json, grows by one network at a time, and those that it has are
not trained again. Needs CIFAR-100 (deno task data).`,
    examples: {
      pilots: "trains what the table lacks",
      "pilots --only collapse --seeds 1": "one network of each pilot of a group",
    },
  },
  pilot,
  DataFileError,
  DivergedError,
  RangeError,
);
