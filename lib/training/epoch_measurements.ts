/**
 * What is measured of a network after an epoch: fit, neural collapse and detection.
 *
 * @module
 */
import { readCifar } from "../data/cifar.ts";
import { CIFAR100_CLASSES } from "../data/cifar100_classes.ts";
import { firstImages, type ImageSet, imagesPerClass } from "../data/images.ts";
import { readSvhn } from "../data/svhn.ts";
import type { EpochMeasurements } from "./log.ts";
import { energy, maximumSoftmaxProbability, neco } from "../detectors/mod.ts";
import { auroc } from "../metrics/auroc.ts";
import { lossAndAccuracy } from "../metrics/classification.ts";
import { neuralCollapse } from "../metrics/neural_collapse.ts";
import type { Collective } from "../tensorflow/mod.ts";
import type { ResNet18 } from "../resnet/resnet.ts";
import { lastLayerOf, outputsOf } from "../resnet/outputs.ts";

/** The training images of each class that neural collapse is measured on. */
export const TRAINING_IMAGES_PER_CLASS = 100;
const TEST_IMAGES_PER_CLASS = 20;
const OUT_OF_DISTRIBUTION_IMAGES = 2000;

/** The images that epochs are measured on. */
export interface MeasuredImages {
  /** The first 100 training images of each class, or of a small set as many as every class has. */
  readonly train: ImageSet;
  /** The first 20 test images of each class. */
  readonly test: ImageSet;
  readonly wholeTest: ImageSet;
  readonly outOfDistribution: Readonly<Record<"cifar10" | "svhn", ImageSet>>;
}

/**
 * Reads the images to measure on from the data directory.
 *
 * @throws {RangeError} where a class has fewer than two training images.
 * @throws {DataFileError} where a set is missing or damaged.
 */
export async function readMeasuredImages(training: ImageSet): Promise<MeasuredImages> {
  const svhn = await readSvhn(), wholeTest = await readCifar("CIFAR-100 test");
  const counts = new Uint32Array(CIFAR100_CLASSES.length);
  training.labels.forEach((label) => counts[label]++);
  const least = Math.min(...counts);
  if (least < 2) {
    throw new RangeError(
      `Neural collapse is measured on at least two training images of each class, and of ` +
        `${CIFAR100_CLASSES[counts.indexOf(least)]} there are ${least} among the ` +
        `${training.labels.length}: take more images`,
    );
  }
  return {
    train: imagesPerClass(training, Math.min(TRAINING_IMAGES_PER_CLASS, least)),
    test: imagesPerClass(wholeTest, TEST_IMAGES_PER_CLASS),
    wholeTest,
    outOfDistribution: {
      cifar10: firstImages(await readCifar("CIFAR-10 test"), OUT_OF_DISTRIBUTION_IMAGES),
      svhn: firstImages(svhn, Math.min(OUT_OF_DISTRIBUTION_IMAGES, svhn.labels.length)),
    },
  };
}

/**
 * Loss and accuracy on both sets, NC1 to NC5 on the training images, and the AUROC of three detectors on the test images
 * and those out of distribution. `wholeTest` adds the whole test set, for the last epoch. `onProgress` is told what is being
 * measured.
 */
export function measureEpoch(
  network: ResNet18,
  { train, test, wholeTest, outOfDistribution }: MeasuredImages,
  { wholeTest: whole = false, workers, onProgress }: {
    wholeTest?: boolean;
    workers?: Collective;
    onProgress?: (what: string) => void;
  } = {},
): EpochMeasurements {
  const outputs = (images: ImageSet) =>
    outputsOf(network, images, {
      workers,
      onProgress: (done) => onProgress?.(`${done} of ${images.labels.length} of ${images.name}`),
    });
  const trained = outputs(train), tested = outputs(test);
  const outside = Object.entries(outOfDistribution).map(([name, images]) =>
    [name, outputs(images)] as const
  );
  const features = Object.fromEntries(outside.map(([name, { features }]) => [name, features]));
  const lastLayer = lastLayerOf(network);
  const dimension = Math.min(network.classes, trained.features.columns);
  const detectors = [maximumSoftmaxProbability(), energy(), neco({ dimension })]
    .map((it) => it.fit(trained));
  const inside = detectors.map((it) => it.score(tested));
  return {
    test: lossAndAccuracy(tested),
    ...whole && { wholeTest: lossAndAccuracy(outputs(wholeTest)) },
    train: lossAndAccuracy(trained),
    neuralCollapse: neuralCollapse({ ...trained, lastLayer, outOfDistribution: features }),
    auroc: Object.fromEntries(outside.map(([name, outputs]) => [
      name,
      Object.fromEntries(
        detectors.map((detector, k) => [detector.name, auroc(inside[k], detector.score(outputs))]),
      ),
    ])),
  };
}
