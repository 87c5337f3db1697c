/**
 * Trains a ResNet-18 on CIFAR-100:
 *
 *     deno task train                              the default preset, to data/runs/default
 *     deno task train --preset course              the course report's recipe
 *     deno task train --resume                     goes on where an interrupted run was
 *     deno task train --epochs 60 --output DIR     with other settings, in another folder
 *
 * In the folder: `checkpoint.safetensors` (everything to resume from), `log.json` (settings and a record of each epoch)
 * and `epochs/epoch-NN.safetensors` (half-precision weights of each epoch).
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readCifar } from "../lib/data/cifar.ts";
import { writeFileAtomically } from "../lib/data/files.ts";
import { firstImages } from "../lib/data/images.ts";
import { writeSafetensors } from "../lib/data/safetensors.ts";
import { ResNet18 } from "../lib/models/resnet.ts";
import { storedWeights } from "../lib/models/resnet_weights.ts";
import { seeded } from "../lib/random.ts";
import { measureEpoch, readMeasuredImages } from "../lib/training/epoch_measurements.ts";
import { PRESETS, type TrainingSettings } from "../lib/training/settings.ts";
import { train } from "../lib/training/trainer.ts";

const { values: options } = parseArgs({
  options: {
    preset: { type: "string", default: "default" },
    output: { type: "string" },
    resume: { type: "boolean", default: false },
    images: { type: "string" },
    epochs: { type: "string" },
    "learning-rate": { type: "string" },
    seed: { type: "string" },
    precision: { type: "string" },
  },
});
if (!Object.hasOwn(PRESETS, options.preset)) {
  throw new RangeError(
    `--preset is one of ${Object.keys(PRESETS).join(", ")}, got ${options.preset}`,
  );
}
const preset: TrainingSettings = PRESETS[options.preset as keyof typeof PRESETS];
const settings: TrainingSettings = {
  ...preset,
  epochs: Number(options.epochs ?? preset.epochs),
  learningRate: Number(options["learning-rate"] ?? preset.learningRate),
  seed: Number(options.seed ?? preset.seed),
  precision: (options.precision ?? preset.precision) as TrainingSettings["precision"],
};
const output = options.output ??
  fileURLToPath(new URL(`../data/runs/${options.preset}`, import.meta.url));

const all = await readCifar("CIFAR-100 training");
const images = options.images === undefined ? all : firstImages(all, Number(options.images));
const measured = await readMeasuredImages(all);
const network = new ResNet18(seeded(settings.seed));

await train(network, images, {
  settings,
  checkpoint: join(output, "checkpoint.safetensors"),
  resume: options.resume,
  checkpointSteps: 50,
  async measure(network, epoch) {
    const file = join(output, "epochs", `epoch-${String(epoch).padStart(2, "0")}.safetensors`);
    await writeSafetensors(file, storedWeights(network, { half: true }));
    return measureEpoch(network, measured);
  },
  async onEpoch(records) {
    const log = { settings, trainingImages: images.labels.length, epochs: records };
    await writeFileAtomically(join(output, "log.json"), JSON.stringify(log, null, 1) + "\n");
    const { epoch, measured: { test, train, auroc } } = records.at(-1)!;
    console.log(`epoch ${epoch} measured: ${JSON.stringify({ test, train, auroc })}`);
  },
  onProgress({ epoch, epochs, step, steps, training, imagesPerSecond, secondsLeft }) {
    if (step % 10 !== 0 && step !== steps) return;
    console.log(
      `epoch ${epoch}/${epochs}, step ${step}/${steps}: loss ${
        training.loss.toFixed(3)
      }, accuracy ${(100 * training.accuracy).toFixed(1)}%, ${
        imagesPerSecond.toFixed(1)
      } images/s, ${(secondsLeft / 60).toFixed(0)} min left`,
    );
  },
});
