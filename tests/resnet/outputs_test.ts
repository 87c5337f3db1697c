import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { readCifar } from "../../lib/data/cifar.ts";
import { firstImages } from "../../lib/data/images.ts";
import { readNetworkOutputs } from "../../lib/outputs/network_outputs.ts";
import { writeSafetensors } from "../../lib/data/safetensors.ts";
import { row, rowRange } from "../../lib/linear_algebra/mod.ts";
import { lossAndAccuracy } from "../../lib/metrics/classification.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { readTrainedNetwork } from "../../lib/resnet/trained_classifier.ts";
import { seeded } from "../../lib/random.ts";
import { measureEpoch } from "../../lib/training/epoch_measurements.ts";
import { excessOverHalfPrecision } from "../../lib/training/half_precision.ts";
import { lastLayerOf, outputsOf } from "../../lib/resnet/outputs.ts";
import { storedOutputs } from "../../lib/training/stored_outputs.ts";
import { imageDataIsHere } from "../image_data.ts";
import { colours, SMALL } from "../training/small_run.ts";

const committed = new URL("../../data/resnet18-cifar100/weights.safetensors", import.meta.url);
const networkIsHere = await Deno.stat(committed).then(() => true, () => false);

Deno.test("outputsOf() does not depend on how images are batched, and its logits are the classifier's", () => {
  const network = new ResNet18(seeded(1), SMALL), images = colours(30);
  const whole = outputsOf(network, images), parts = outputsOf(network, images, { batchSize: 7 });
  whole.logits.data.forEach((z, k) => assertAlmostEquals(parts.logits.data[k], z, 1e-5));
  const { weights, bias } = lastLayerOf(network);
  for (let i = 0; i < 30; i++) {
    for (let c = 0; c < 3; c++) {
      const f = row(whole.features, i), w = row(weights, c);
      const z = f.reduce((sum, value, j) => sum + value * w[j], bias[c]);
      assertAlmostEquals(row(whole.logits, i)[c], z, 1e-5);
    }
  }
  network.dispose();
});

Deno.test("storedOutputs() writes what readNetworkOutputs() reads", async () => {
  const network = new ResNet18(seeded(1), SMALL), images = colours(180);
  const outputs = outputsOf(network, images);
  const stored = storedOutputs(network, {
    training: outputs,
    test: outputs,
    cifar10: outputs,
    svhn: outputs,
  });
  const path = await Deno.makeTempFile();
  await writeSafetensors(path, stored);
  const { training, settings, test } = await readNetworkOutputs(path);
  await Deno.remove(path);
  assertEquals([training.features.rows, test.features.rows], [150, 180]);
  assertEquals([...training.labels.slice(0, 51)].join(""), "0".repeat(50) + "1");
  assertEquals([...training.statistics.counts], [60, 60, 60]);
  assertEquals(excessOverHalfPrecision(outputs.features, test.features), 0);
  const sorted = outputs.features.data.toSorted(), N = sorted.length;
  assert(
    settings.reactThreshold >= sorted[Math.floor(0.9 * (N - 1))] &&
      settings.reactThreshold <= sorted[Math.ceil(0.9 * (N - 1))],
  );
  assert(settings.vimAlpha > 0);
  network.dispose();
});

Deno.test("measureEpoch() measures fit, collapse and detection of a network", () => {
  const network = new ResNet18(seeded(1), { width: 4, classes: 3 }), images = colours(60);
  const wholeTest = colours(90);
  const sets = {
    train: images,
    test: images,
    wholeTest,
    outOfDistribution: { cifar10: images, svhn: colours(20) },
  };
  const measured = measureEpoch(network, sets),
    last = measureEpoch(network, sets, { wholeTest: true });
  assertEquals(measured.train, measured.test);
  assertEquals(last, { ...measured, wholeTest: lossAndAccuracy(outputsOf(network, wholeTest)) });
  assertEquals(measured.auroc.cifar10, {
    "Maximum softmax": 0.5,
    "Energy": 0.5,
    "NECO": 0.5,
  });
  assertEquals(Object.keys(measured.neuralCollapse.orthogonality), ["cifar10", "svhn"]);
  network.dispose();
});

Deno.test({
  name:
    "the committed network gives the committed features and logits of the first 500 test images",
  ignore: !(imageDataIsHere && networkIsHere),
  async fn() {
    const network = await readTrainedNetwork(), { test } = await readNetworkOutputs();
    const outputs = outputsOf(network, firstImages(await readCifar("CIFAR-100 test"), 500));
    for (const part of ["features", "logits"] as const) {
      assert(excessOverHalfPrecision(outputs[part], rowRange(test[part], 0, 500)) < 1e-3, part);
    }
    network.dispose();
  },
});
