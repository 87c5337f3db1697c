/**
 * The detectors' side of the benchmark: each scores N random images of 512 features and 100 logits, fitted on 5,000.
 *
 * @module
 */
import * as detectors from "../../lib/detectors/mod.ts";
import type { Matrix } from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";

const D = 512, C = 100, TRAINING = 5000;

const makers: Record<string, () => detectors.Detector> = {
  "maximum softmax": detectors.maximumSoftmaxProbability,
  "maximum logit": detectors.maximumLogit,
  energy: detectors.energy,
  GEN: detectors.generalizedEntropy,
  "KL matching": detectors.klMatching,
  "cosine to class mean": detectors.classMeanCosine,
  Mahalanobis: detectors.mahalanobis,
  "relative Mahalanobis": detectors.relativeMahalanobis,
  "nearest neighbours": () => detectors.nearestNeighbours({ k: 5 }),
  NECO: detectors.neco,
  residual: detectors.residual,
  ViM: detectors.vim,
  ReAct: detectors.react,
};

/** The detectors and the numbers of images that each scores. */
export const detectorNames = Object.keys(makers), imageCounts = [1000, 10_000, 50_000];

const random = seeded(1);
const draw = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: normals(random, rows * columns).map(Math.abs),
});

let training: Required<Omit<detectors.Training, "statistics">> | undefined;
const images = new Map<number, Required<detectors.Outputs>>();

/** What scores `count` images by the detector called `name`. */
export function scoring(name: string, count: number): () => void {
  training ??= {
    features: draw(TRAINING, D),
    logits: draw(TRAINING, C),
    labels: Array.from({ length: TRAINING }, (_, i) => i % C),
    lastLayer: { weights: draw(C, D), bias: normals(random, C) },
  };
  if (!images.has(count)) {
    images.clear(); // 50,000 images take 245 MB
    images.set(count, { features: draw(count, D), logits: draw(count, C) });
  }
  const detector = makers[name]().fit(training), outputs = images.get(count)!;
  return () => detector.score(outputs);
}
