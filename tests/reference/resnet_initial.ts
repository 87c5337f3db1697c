/** Writes what resnet_pytorch.py starts from: initial weights, and 80 batches of 50 training images of CIFAR-100. */
import { readCifar } from "../../lib/data/cifar.ts";
import { firstImages } from "../../lib/data/images.ts";
import { writeSafetensors } from "../../lib/data/safetensors.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { storedWeights } from "../../lib/resnet/weights.ts";
import { seeded } from "../../lib/random.ts";
import { fillBatch } from "../../lib/data/batches.ts";

const [folder, width = "8"] = Deno.args;
const images = firstImages(await readCifar("CIFAR-100 training"), 4000);
const values = new Float32Array(images.pixels.length);
const indices = Int32Array.from(images.labels, (_, i) => i);
fillBatch(values, { images, indices });
await writeSafetensors(`${folder}/initial.safetensors`, [
  ...storedWeights(new ResNet18(seeded(1), { width: Number(width) })),
  ["images", { shape: [4000, 32, 32, 3], values }],
  ["labels", { shape: [4000], values: images.labels }],
  ["batch_size", { shape: [1], values: new Int32Array([50]) }],
]);
