/** Scores in- and out-of-distribution images by every detector and prints the scores, with native speed where asked for. */
if (Deno.args.includes("--native")) await import("../../lib/native.ts");
const detectors = await import("../../lib/detectors/mod.ts");
const { kernelsFor } = await import("../../lib/linear_algebra/kernels.ts");
const { multiply } = await import("../../lib/linear_algebra/mod.ts");
const { normals, seeded } = await import("../../lib/random.ts");

const C = 10, D = 80, random = seeded(1);
const matrix = (rows: number, columns: number, mean = 0) => ({
  rows,
  columns,
  data: normals(random, rows * columns, { mean }),
});
const lastLayer = { weights: matrix(C, D), bias: normals(random, C) };
const outputs = (rows: number, mean?: number) => {
  const features = matrix(rows, D, mean);
  return { features, logits: multiply(features, lastLayer.weights, { transposeB: true }) };
};
const training = {
  ...outputs(500, 1),
  labels: Array.from({ length: 500 }, (_, i) => i % C),
  lastLayer,
};
const images = outputs(200);
const all = [
  ...[detectors.maximumSoftmaxProbability, detectors.maximumLogit, detectors.energy],
  ...[detectors.generalizedEntropy, detectors.klMatching, detectors.classMeanCosine],
  ...[detectors.mahalanobis, detectors.relativeMahalanobis, detectors.nearestNeighbours],
  ...[detectors.react, detectors.residual, detectors.vim],
  () => detectors.neco({ dimension: 10 }),
];
const scores = all.map((detector) => {
  const fitted = detector().fit(training);
  return [fitted.name, [...fitted.score(images)]];
});
console.log(
  JSON.stringify({ kernels: kernelsFor(Infinity).name, scores: Object.fromEntries(scores) }),
);
