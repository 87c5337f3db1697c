import { assert, assertEquals, assertThrows } from "@std/assert";
import { readCifar } from "../../lib/data/cifar.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { firstImages } from "../../lib/data/images.ts";
import {
  formatSafetensors,
  parseSafetensors,
  readSafetensors,
  storedTensor,
} from "../../lib/data/safetensors.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { loadWeights, storedWeights } from "../../lib/resnet/weights.ts";
import { seeded } from "../../lib/random.ts";
import { binding } from "../../lib/tensorflow/device.ts";
import { capture, storedAs, tf } from "../../lib/tensorflow/mod.ts";
import { outputsOf } from "../../lib/resnet/outputs.ts";
import { imageDataIsHere } from "../image_data.ts";
import pytorch from "../reference/resnet_pytorch.json" with { type: "json" };

const REFERENCE = new URL("../reference/resnet_pytorch.safetensors", import.meta.url).pathname;

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertEquals(a.length, b.length);
  return Array.from(a, (it, i) => Math.abs(it - b[i])).reduce((x, y) => Math.max(x, y), 0);
}

Deno.test("ResNet18() has the 11,220,132 parameters of the paper's network for 100 classes", () => {
  const network = new ResNet18(seeded(1));
  const sizes = [...network.parameters.values()].map(({ size }) => size);
  assertEquals(sizes.reduce((a, b) => a + b), 11_220_132);
  network.dispose();
});

Deno.test("ResNet18() starts with the variance of He et al.", () => {
  const network = new ResNet18(seeded(1), { width: 16 });
  for (const [name, array] of network.parameters) {
    if (array.rank !== 4) continue;
    const [height, width, , to] = array.shape;
    const ratio = tf.tidy(() => array.square().mean().dataSync()[0]) * height * width * to / 2;
    // A mean of n squared normals has the relative standard deviation √(2 / n).
    assert(Math.abs(ratio - 1) < 5 * Math.sqrt(2 / array.size), `${name}: ${ratio}`);
  }
  network.dispose();
});

for (const way of ["operation by operation", "captured"]) {
  Deno.test(`a step in bfloat16 stores every activation and its gradient so, ${way}`, {
    ignore: binding === undefined,
  }, () => {
    // The last two layers have the 128 channels from which convolutions run by Winograd's algorithm.
    const network = new ResNet18(seeded(1), { width: 32, classes: 10 }), batch = 2;
    const step = (images: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(() => {
        const input = storedAs(images as tf.Tensor4D, "bfloat16");
        return network.logits(input, { training: true }).square().sum() as tf.Scalar;
      }, [...network.parameters.values()]);
      return [value, ...Object.values(grads)];
    };
    const stored = { bfloat16: 0, float32: [] as string[] };
    const { executeOp } = binding!;
    binding!.executeOp = (name, ...rest) => {
      const results = executeOp.call(binding, name, ...rest);
      for (const { id, shape } of results) {
        if (shape.length !== 4 || shape[0] !== batch) continue;
        if (binding!.isBfloat16(id)) stored.bfloat16++;
        else stored.float32.push(`${name} ${shape}`);
      }
      return results;
    };
    const images = tf.randomNormal([batch, 32, 32, 3], 0, 1, "float32", 1);
    try {
      const run = way === "captured" ? capture(step, { runFirst: false }) : step;
      tf.tidy(() => void run(images));
    } finally {
      binding!.executeOp = executeOp;
    }
    // The mean over pixels is taken in float32.
    const ofTheMean = ["Cast", "Mul", "RealDiv"].map((name) => `${name} 2,4,4,256`)
      .concat("Reshape 2,1,1,256");
    assertEquals(stored.float32.filter((it) => !ofTheMean.includes(it)), []);
    // 20 convolutions, 20 normalisations, 17 rectifiers and 8 sums, and the gradients of each but the first convolution's.
    assert(stored.bfloat16 > 2 * (20 + 20 + 17 + 8) - 1, `${stored.bfloat16} in bfloat16`);
    network.dispose();
    images.dispose();
  });
}

Deno.test("loadWeights() gives a network of PyTorch the logits that PyTorch computes", async () => {
  const file = await readSafetensors(REFERENCE);
  const network = new ResNet18(seeded(2), { width: 4, classes: 10 });
  loadWeights(network, file);
  const images = storedTensor(file, "images");
  const logits = tf.tidy(() =>
    network.logits(tf.tensor4d(Float32Array.from(images.values as Float16Array), [8, 32, 32, 3]))
      .dataSync()
  );
  const expected = storedTensor(file, "logits").values as Float32Array;
  assert(largestDifference(logits, expected) < 1e-4);
  network.dispose();
});

Deno.test({
  name: "storedWeights() gives PyTorch a network with the logits that we compute",
  ignore: !imageDataIsHere,
  async fn() {
    const network = new ResNet18(seeded(1), { width: pytorch.width });
    const images = firstImages(await readCifar("CIFAR-100 training"), 8);
    const { logits } = outputsOf(network, images);
    assert(largestDifference(logits.data, pytorch.initialLogits.flat()) < 1e-4);
    network.dispose();
  },
});

Deno.test("loadWeights() restores what storedWeights() gave, in single precision exactly", () => {
  const [a, b] = [1, 2].map((seed) => new ResNet18(seeded(seed), { width: 4, classes: 10 }));
  loadWeights(b, parseSafetensors(formatSafetensors(storedWeights(a))));
  for (const [name, array] of a.parameters) {
    assertEquals(array.dataSync(), b.parameters.get(name)!.dataSync());
  }
  for (const network of [a, b]) network.dispose();
});

Deno.test("loadWeights() changes nothing when an array is missing, misshapen or not finite", () => {
  const network = new ResNet18(seeded(1), { width: 4, classes: 10 });
  const before = network.parameters.get("conv1.weight")!.dataSync();
  const others: [string, string, number][] = [["of 20 classes", "fc.weight", 20]];
  for (const [, missing, classes] of others) {
    const other = new ResNet18(seeded(2), { width: 4, classes });
    const file = parseSafetensors(formatSafetensors(storedWeights(other)));
    assertThrows(() => loadWeights(network, file), DataFileError, missing);
    other.dispose();
  }
  const whole = storedWeights(network);
  const without = whole.filter(([name]) => name !== "bn1.running_var");
  assertThrows(
    () => loadWeights(network, parseSafetensors(formatSafetensors(without))),
    DataFileError,
    "bn1.running_var",
  );
  (whole.find(([name]) => name === "fc.bias")![1].values as Float32Array)[3] = NaN;
  assertThrows(
    () => loadWeights(network, parseSafetensors(formatSafetensors(whole))),
    DataFileError,
    "fc.bias",
  );
  assertEquals(network.parameters.get("conv1.weight")!.dataSync(), before);
  network.dispose();
});

Deno.test("ResNet18 frees every tensor it makes", () => {
  const before = tf.memory().numTensors;
  const network = new ResNet18(seeded(1), { width: 4, classes: 10 });
  for (const training of [true, false]) {
    network.logits(tf.zeros([2, 32, 32, 3]), { training }).dispose();
  }
  network.dispose();
  // The one input of each pass is the caller's.
  assertEquals(tf.memory().numTensors, before + 2);
});
