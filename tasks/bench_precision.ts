/**
 * Trains a narrow ResNet-18 in float32 and in bfloat16, from three seeds each, and prints how low the loss came.
 *
 * @module
 */
// @ts-types="npm:@types/d3-array@3.2.2"
import { deviation, mean } from "d3-array";
import { readCifar } from "../lib/data/cifar.ts";
import { DataFileError } from "../lib/data/files.ts";
import { IMAGE_BYTES, type ImageSet } from "../lib/data/images.ts";
import { ResNet18 } from "../lib/resnet/resnet.ts";
import { permutation, seeded } from "../lib/random.ts";
import type { Storage } from "../lib/tensorflow/mod.ts";
import { fillBatch } from "../lib/data/batches.ts";
import { PRESETS } from "../lib/training/settings.ts";
import { optimizerOf, trainingStep } from "../lib/training/step.ts";
import { task } from "./shared/task.ts";

// At this width the last layer has the channels from which convolutions run by Winograd's algorithm.
const STEPS = 300, LAST = 50, BATCH = 32, WIDTH = 16, RATE = 0.05, SEEDS = [1, 2, 3];

async function comparePrecisions(): Promise<void> {
  const images = await readCifar("CIFAR-100 training");
  for (const precision of ["float32", "bfloat16"] as const) {
    const ends = SEEDS.map((seed) => finalLoss(images, { precision, seed }));
    console.log(
      `${precision}: ${ends.map((it) => it.toFixed(3)).join(", ")}; mean ${
        mean(ends)!.toFixed(3)
      }, ` +
        `standard deviation ${
          deviation(ends)!.toFixed(3)
        } (nats, of the last ${LAST} of ${STEPS} steps)`,
    );
  }
}

function finalLoss(
  images: ImageSet,
  { precision, seed }: { precision: Storage; seed: number },
): number {
  const random = seeded(seed), network = new ResNet18(random, { width: WIDTH });
  const settings = { ...PRESETS.default, optimizer: "nesterov" as const, width: WIDTH, precision };
  const step = trainingStep(network, optimizerOf(network, settings), settings);
  const batch = new Float32Array(BATCH * IMAGE_BYTES);
  const order = permutation(random, images.labels.length);
  const losses = Array.from({ length: STEPS }, (_, k) => {
    const indices = order.subarray(k * BATCH, (k + 1) * BATCH);
    fillBatch(batch, { images, indices, augmentation: { random, epoch: 1 } });
    return step(batch, Int32Array.from(indices, (i) => images.labels[i]), RATE).loss;
  });
  network.dispose();
  return mean(losses.slice(-LAST))!;
}

await task(
  "bench:precision",
  {
    details:
      `Mixed precision learns as float32 does where the two differ by no more than the seeds do. Processors without AVX-512
take the same steps, several times slower than in float32. Needs CIFAR-100 (deno task data).`,
    examples: { "bench:precision": "prints the losses of both" },
  },
  comparePrecisions,
  DataFileError,
);
