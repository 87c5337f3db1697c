import { assert, assertAlmostEquals } from "@std/assert";
import * as detectors from "../../lib/detectors/mod.ts";
import { type Matrix, matrix, row } from "../../lib/linear_algebra/mod.ts";
import { readNetworkOutputs } from "../../lib/outputs/network_outputs.ts";
import { detectionMetrics } from "../../lib/metrics/detection.ts";
import "../../lib/native.ts";
import { neuralCollapse } from "../../lib/metrics/neural_collapse.ts";
import type { NeuralCollapse } from "../../lib/metrics/neural_collapse.ts";

interface Reference {
  options: { necoDimension: number; k: number };
  scores: Record<"inside" | "outside", Record<string, number[]>>;
  metrics: Record<string, Record<string, number>>;
  neuralCollapse: NeuralCollapse;
}

/** The detectors under the names of tests/reference/detectors.py. */
const all = ({ necoDimension: dimension, k }: Reference["options"], classes: number) => ({
  maximumSoftmaxProbability: detectors.maximumSoftmaxProbability(),
  maximumLogit: detectors.maximumLogit(),
  energy: detectors.energy(),
  energyAtTemperature2: detectors.energy({ temperature: 2 }),
  generalizedEntropy: detectors.generalizedEntropy(),
  generalizedEntropyTop: detectors.generalizedEntropy({ classes: Math.floor(classes / 2) }),
  klMatching: detectors.klMatching(),
  mahalanobis: detectors.mahalanobis(),
  relativeMahalanobis: detectors.relativeMahalanobis(),
  residual: detectors.residual(),
  vim: detectors.vim(),
  neco: detectors.neco({ dimension }),
  necoNotStandardised: detectors.neco({ dimension, standardise: false }),
  necoTimesMaximumLogit: detectors.neco({ dimension, timesMaximumLogit: true }),
  nearestNeighbours: detectors.nearestNeighbours({ k }),
  react: detectors.react(),
  classMeanCosine: detectors.classMeanCosine(),
});

type Sets = { inside: detectors.Outputs; outside: detectors.Outputs };

function checkScores(training: detectors.Training, sets: Sets, reference: Reference) {
  const named = all(reference.options, training.lastLayer!.weights.rows);
  for (const [name, detector] of Object.entries(named)) {
    const { score } = detector.fit(training);
    const inside = score(sets.inside), outside = score(sets.outside);
    assertClose(inside, reference.scores.inside[name], name);
    assertClose(outside, reference.scores.outside[name], name);
    for (const [metric, value] of Object.entries(detectionMetrics(inside, outside))) {
      assertAlmostEquals(value, reference.metrics[name][metric], 1e-9, `${metric} of ${name}`);
    }
  }
  assert(Object.keys(named).length === Object.keys(reference.metrics).length);
}

function assertClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, name: string) {
  assert(ours.length === theirs.length, name);
  for (let i = 0; i < ours.length; i++) {
    assertAlmostEquals(ours[i], theirs[i], 1e-6 * Math.abs(theirs[i]), `${name} of image ${i}`);
  }
}

function checkCollapse(ours: unknown, theirs: unknown, path = "") {
  if (typeof theirs === "number") {
    assertAlmostEquals(ours as number, theirs, 1e-6 * Math.abs(theirs), path);
  } else {
    for (const [key, value] of Object.entries(theirs as object)) {
      checkCollapse((ours as Record<string, unknown>)[key], value, `${path} ${key}`);
    }
  }
}

const read = async (name: string) =>
  JSON.parse(await Deno.readTextFile(new URL(`../reference/${name}.json`, import.meta.url)));

Deno.test("every detector and NC measure agrees with float64 NumPy on a random set", async () => {
  const { train, inside, outside, classifier, ...reference } = await read("detectors_random");
  const outputs = (set: Record<string, number[][]>) => ({
    features: matrix(set.features),
    logits: matrix(set.logits),
  });
  const training = {
    ...outputs(train),
    labels: train.labels as number[],
    lastLayer: { weights: matrix(classifier.weights), bias: Float64Array.from(classifier.bias) },
  };
  const sets = { inside: outputs(inside), outside: outputs(outside) };
  checkScores(training, sets, reference);
  const outOfDistribution = { ood: sets.outside.features };
  checkCollapse(neuralCollapse({ ...training, outOfDistribution }), reference.neuralCollapse);
});

const network = new URL("../../data/resnet18-cifar100/outputs.safetensors", import.meta.url);
Deno.test({
  name: "every detector and NC measure agrees with float64 NumPy on the trained network's outputs",
  ignore: !await Deno.stat(network).then(() => true, () => false),
  async fn() {
    const { training, test, svhn } = await readNetworkOutputs();
    const reference = await read("detectors_resnet18");
    const first = (A: Matrix) =>
      matrix(Array.from({ length: reference.subset }, (_, i) => row(A, i)));
    const outputs = (set: Required<detectors.Outputs<Matrix>>) => ({
      features: first(set.features),
      logits: first(set.logits),
    });
    const sets = { inside: outputs(test), outside: outputs(svhn) };
    checkScores(training, sets, reference);
    const outOfDistribution = { ood: sets.outside.features };
    checkCollapse(neuralCollapse({ ...training, outOfDistribution }), reference.neuralCollapse);
  },
});
