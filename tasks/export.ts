/**
 * Keeps a finished training run as the committed network: weights, log, and what week 3 needs without images.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readCifar } from "../lib/data/cifar.ts";
import { DataFileError, readFile, writeFileAtomically, writeJson } from "../lib/data/files.ts";
import { imagesPerClass } from "../lib/data/images.ts";
import type { FromImages } from "../lib/outputs/network_outputs.ts";
import { parseSafetensors, writeSafetensors } from "../lib/data/safetensors.ts";
import { readSvhn } from "../lib/data/svhn.ts";
import { readTrainingLog } from "../lib/training/log.ts";
import { nearestNeighbours } from "../lib/detectors/mod.ts";
import { auroc } from "../lib/metrics/auroc.ts";
import { neuralCollapse } from "../lib/metrics/neural_collapse.ts";
import { ResNet18 } from "../lib/resnet/resnet.ts";
import { loadWeights } from "../lib/resnet/weights.ts";
import { seeded } from "../lib/random.ts";
import { TRAINING_IMAGES_PER_CLASS } from "../lib/training/epoch_measurements.ts";
import { lastLayerOf } from "../lib/resnet/outputs.ts";
import { type OutputSets, storedOutputs } from "../lib/training/stored_outputs.ts";
import { path } from "./shared/environment.ts";
import { withProgress } from "./shared/progress.ts";
import { checkWritable, epochFile } from "./shared/run_folder.ts";
import { exists, Problem, task } from "./shared/task.ts";

const K = 50;

const COMMITTED = "data/resnet18-cifar100", DEFAULT_RUN = "data/runs/default";

interface Options {
  run?: string;
  epoch?: number;
  output?: string;
  replace?: true;
}

async function keep(
  { run = path(DEFAULT_RUN), epoch: chosen, output = path(COMMITTED), replace }: Options,
): Promise<void> {
  if (!replace && await exists(join(output, "weights.safetensors"))) {
    throw new Problem(
      `${output} holds a network already: put this one in its place by --replace, or elsewhere by --output`,
    );
  }
  const log = await readTrainingLog("log.json", { folder: run });
  const { settings, epochs } = log;
  const epoch = chosen ?? settings.epochs;
  const kept = epochs.filter(({ measured }) => measured !== undefined).map(({ epoch }) => epoch);
  if (!kept.includes(epoch)) {
    throw new Problem(
      `${run} has the weights after epochs ${
        kept.join(", ")
      }, of ${settings.epochs}: finish it with ` +
        `"deno task train --resume", or choose one of them by --epoch`,
    );
  }
  const weights = await readFile(epochFile(run, epoch));
  await checkWritable(output);
  const network = new ResNet18(seeded(settings.seed), { width: settings.width });
  const sets = {
    training: await readCifar("CIFAR-100 training"),
    test: await readCifar("CIFAR-100 test"),
    cifar10: await readCifar("CIFAR-10 test"),
    svhn: await readSvhn(),
  };
  const outputsFor = withProgress(network), sample = TRAINING_IMAGES_PER_CLASS;
  const untrained = neuralCollapse({
    ...outputsFor(imagesPerClass(sets.training, sample), "before its training"),
    lastLayer: lastLayerOf(network),
  });
  loadWeights(network, parseSafetensors(weights));
  const outputs: OutputSets = {
    training: outputsFor(sets.training),
    test: outputsFor(sets.test),
    cifar10: outputsFor(sets.cifar10),
    svhn: outputsFor(sets.svhn),
  };
  console.log("Nearest neighbours among all training images");
  const neighbours = amongAllTrainingImages(outputs);
  await writeFileAtomically(join(output, "weights.safetensors"), weights);
  await writeJson(join(output, "log.json"), log);
  await writeSafetensors(
    join(output, "outputs.safetensors"),
    storedOutputs(network, outputs),
    { metadata: { epoch: String(epoch), standardization: "CIFAR-100 training images" } },
  );
  const fromImages: FromImages = {
    untrained: { neuralCollapse: untrained },
    nearestNeighbours: neighbours,
  };
  await writeJson(join(output, "from-images.json"), fromImages);
  const sums = await Promise.all(
    [
      "from-images.json",
      "log.json",
      "outputs.safetensors",
      "weights.safetensors",
    ].map(async (name) => {
      const bytes = await readFile(join(output, name));
      return `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
    }),
  );
  await writeFileAtomically(join(output, "SHA256SUMS"), sums.join(""));
  console.log(`Kept epoch ${epoch} of ${run} in ${output}`);
}

function amongAllTrainingImages(
  { training, test, cifar10, svhn }: OutputSets,
): FromImages["nearestNeighbours"] {
  const detector = nearestNeighbours({ k: K }).fit(training);
  const inside = detector.score(test);
  return {
    k: K,
    trainingImages: training.labels.length,
    auroc: {
      cifar10: auroc(inside, detector.score(cifar10)),
      svhn: auroc(inside, detector.score(svhn)),
    },
  };
}

await task(
  "export",
  {
    options: {
      run: { type: "text", meaning: `the folder of the run (default: ${DEFAULT_RUN})` },
      epoch: { type: "number", meaning: "the epoch to keep (default: the last)" },
      output: { type: "text", meaning: `the folder to write to (default: ${COMMITTED})` },
      replace: { type: "flag", meaning: "take the place of the network that the folder holds" },
    },
    details:
      `Writes weights.safetensors (half precision, torchvision's names), log.json, outputs.safetensors (made with those
half-precision weights), from-images.json (what week 3 shows and only all images can tell: neural collapse of the network
before its training, and nearest neighbours among all training images) and SHA256SUMS.`,
    examples: {
      "export --replace": "puts the default run in place of the committed network",
      "export --run DIR --epoch 9 --output DIR": "an epoch of another run, elsewhere",
    },
  },
  keep,
  DataFileError,
);
