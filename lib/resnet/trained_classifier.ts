/**
 * The committed ResNet-18.
 *
 * @module
 */
import { checkOptions } from "../checks.ts";
import { CIFAR100_CLASSES } from "../data/cifar100_classes.ts";
import { IMAGE_BYTES } from "../data/images.ts";
import { readNetworkOutputs, splitTest } from "../outputs/network_outputs.ts";
import { projectData } from "../data/directory.ts";
import { readSafetensors } from "../data/safetensors.ts";
import { type Detector, relativeMahalanobis } from "../detectors/mod.ts";
import { seeded } from "../random.ts";
import { outputsOf } from "./outputs.ts";
import { ResNet18 } from "./resnet.ts";
import { loadWeights } from "./weights.ts";
import {
  type Decision,
  type SelectiveClassifier,
  selectiveClassifier,
} from "./selective_classifier.ts";

const WEIGHTS: string = projectData("resnet18-cifar100/weights.safetensors");

/**
 * The network that `deno task train` made, from its committed weights.
 *
 * @throws {DataFileError} where the file cannot be read or is of another network.
 */
export async function readTrainedNetwork(): Promise<ResNet18> {
  const network = new ResNet18(seeded(0));
  loadWeights(network, await readSafetensors(WEIGHTS));
  return network;
}

/** The committed network in use, on images as they are. */
export interface TrainedClassifier extends SelectiveClassifier {
  /**
   * Decides on N images of 32 × 32 pixels, N × 3,072 bytes: pixels from left to right, top to bottom, each as red, green,
   * blue.
   *
   * @throws {TypeError} where the pixels are not in a Uint8Array.
   * @throws {RangeError} where the bytes are no whole number of images.
   */
  classify(pixels: Uint8Array): (Decision & { readonly name: string })[];
}

/**
 * The committed network with a temperature and a threshold chosen on 1,000 test images. `detector`: what tells whether an
 * image is of the 100 kinds that the network was trained on; it is fitted to those here. `keep`: the share of such images that is
 * to be accepted.
 *
 * @throws {DataFileError} where a committed file cannot be read.
 */
export async function readTrainedClassifier(
  options: { detector?: Detector; keep?: number } = {},
): Promise<TrainedClassifier> {
  const { detector = relativeMahalanobis(), keep } = checkOptions(
    "readTrainedClassifier()",
    options,
    ["detector", "keep"],
  );
  const network = await readTrainedNetwork(), { training, test } = await readNetworkOutputs();
  const classifier = selectiveClassifier(
    detector.fit(training),
    splitTest(test).validation,
    { keep },
  );
  return {
    ...classifier,
    classify(pixels) {
      if (!(pixels instanceof Uint8Array)) {
        const kind = (pixels as unknown)?.constructor.name;
        throw new TypeError(`Pixels are bytes, 0 to 255, in a Uint8Array: got ${kind}`);
      }
      const count = pixels.length / IMAGE_BYTES;
      if (!Number.isInteger(count) || count === 0) {
        throw new RangeError(
          `Images of 32 × 32 × 3 bytes are asked for, ${IMAGE_BYTES} each: got ${pixels.length} bytes`,
        );
      }
      const images = { name: "images", pixels, labels: new Uint8Array(count) };
      return classifier.decide(outputsOf(network, images))
        .map((decision) => ({ ...decision, name: CIFAR100_CLASSES[decision.label] }));
    },
  };
}
