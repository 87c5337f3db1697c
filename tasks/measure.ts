/**
 * Measures what week 3 shows and only the images can tell, into data/resnet18-cifar100/from-images.json:
 *
 *     deno task measure
 *
 * Neural collapse of the network before its training, and nearest neighbours among all training images rather than a sample.
 */
import { readCifar } from "../lib/data/cifar.ts";
import { writeFileAtomically } from "../lib/data/files.ts";
import { type FromImages, readNetworkOutputs } from "../lib/data/network_outputs.ts";
import { readTrainingLog } from "../lib/data/training_log.ts";
import { nearestNeighbours } from "../lib/detectors/mod.ts";
import { auroc } from "../lib/metrics/auroc.ts";
import { ResNet18 } from "../lib/models/resnet.ts";
import { readTrainedNetwork } from "../lib/models/trained_resnet.ts";
import { seeded } from "../lib/random.ts";
import { measureEpoch, readMeasuredImages } from "../lib/training/epoch_measurements.ts";
import { outputsOf } from "../lib/training/outputs.ts";
import { path } from "./environment.ts";

const K = 50;
const images = await readCifar("CIFAR-100 training");
const { settings } = await readTrainingLog();

console.log("the network before its training");
const untrained = new ResNet18(seeded(settings.seed));
const { neuralCollapse } = measureEpoch(untrained, await readMeasuredImages(images));

console.log("features of all training images");
const { test, cifar10, svhn } = await readNetworkOutputs();
const neighbours = nearestNeighbours({ k: K }).fit({
  features: outputsOf(await readTrainedNetwork(), images).features,
});
const inside = neighbours.score(test);

const result: FromImages = {
  untrained: { neuralCollapse },
  nearestNeighbours: {
    k: K,
    trainingImages: images.labels.length,
    auroc: {
      cifar10: auroc(inside, neighbours.score(cifar10)),
      svhn: auroc(inside, neighbours.score(svhn)),
    },
  },
};
const file = path("data/resnet18-cifar100/from-images.json");
await writeFileAtomically(file, JSON.stringify(result, null, 1) + "\n");
console.log(`wrote ${file}`);
