import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { readCifar } from "../../lib/data/cifar.ts";
import { firstImages, IMAGE_BYTES } from "../../lib/data/images.ts";
import { readNetworkOutputs, splitTest } from "../../lib/outputs/network_outputs.ts";
import { row } from "../../lib/linear_algebra/mod.ts";
import { argmax } from "../../lib/metrics/classification.ts";
import { readTrainedClassifier } from "../../lib/resnet/trained_classifier.ts";
import { type FittedDetector, mahalanobis, NotFittedError } from "../../lib/detectors/mod.ts";
import { imageDataIsHere } from "../image_data.ts";

const classifier = await readTrainedClassifier();
const { test } = await readNetworkOutputs();

Deno.test("readTrainedClassifier() keeps 95% of new test images, within four standard errors", () => {
  const { validation, reported } = splitTest(test);
  const kept = (set: typeof test) => classifier.decide(set).filter((it) => it.accepted).length;
  assertEquals(kept(validation), 950);
  // The threshold is of 1,000 images and the share of 9,000: both vary.
  const error = Math.sqrt(0.95 * 0.05 * (1 / 1000 + 1 / 9000));
  assertAlmostEquals(kept(reported) / 9000, 0.95, 4 * error);
});

Deno.test("readTrainedClassifier() leaves the detector that it is given unfitted", async () => {
  const detector = mahalanobis();
  await readTrainedClassifier({ detector });
  assertThrows(
    () => (detector as unknown as FittedDetector).score(test),
    NotFittedError,
    "has not seen training images",
  );
});

Deno.test("readTrainedClassifier() refuses bytes that are no images", () => {
  assertThrows(() => classifier.classify(new Uint8Array(3000)), RangeError, "got 3000 bytes");
  const shares = new Float32Array(3072) as unknown as Uint8Array;
  assertThrows(
    () => classifier.classify(shares),
    TypeError,
    "0 to 255, in a Uint8Array: got Float32Array",
  );
});

Deno.test({
  name: "readTrainedClassifier() classifies images as the committed logits say",
  ignore: !imageDataIsHere,
  async fn() {
    const count = 100, { pixels } = firstImages(await readCifar("CIFAR-100 test"), count);
    const decisions = classifier.classify(pixels);
    const p = classifier.calibrator.calibrate(test.logits);
    decisions.forEach(({ label, probability, name }, i) => {
      assertEquals(label, argmax(row(p, i)));
      assertAlmostEquals(probability, row(p, i)[label], 2e-3);
      assert(name.length > 2);
    });
    const [alone] = classifier.classify(pixels.subarray(0, IMAGE_BYTES));
    assertAlmostEquals(alone.probability, decisions[0].probability, 1e-4);
  },
});
