import { assert, assertThrows } from "@std/assert";
import * as detectors from "../../lib/detectors/mod.ts";
import { type Matrix, matrix, multiply } from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";

const D = 6, C = 3, random = seeded(1);
const normalMatrix = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: normals(random, rows * columns),
});
const lastLayer = { weights: normalMatrix(C, D), bias: normals(random, C) };
const labelled = (features: Matrix, labels: ArrayLike<number>) => ({
  features,
  labels,
  lastLayer,
  logits: multiply(features, lastLayer.weights, { transposeB: true }),
});
const makers = [
  detectors.classMeanCosine,
  detectors.mahalanobis,
  detectors.relativeMahalanobis,
  detectors.nearestNeighbours,
  detectors.neco,
  detectors.residual,
  detectors.vim,
];
const classes = Array.from({ length: 30 }, (_, i) => i % C);

for (const make of makers) {
  Deno.test(`${make.name}() is not fitted to features that are all zeros`, () => {
    const zeros = { rows: 30, columns: D, data: new Float64Array(30 * D) };
    const options = make === detectors.nearestNeighbours ? { k: 1 } : {};
    assertThrows(() => make(options).fit(labelled(zeros, classes)), RangeError);
  });
}

Deno.test("Mahalanobis distances are not fitted to one image a class", () => {
  const training = labelled(normalMatrix(C, D), [0, 1, 2]);
  for (const make of [detectors.mahalanobis, detectors.relativeMahalanobis]) {
    assertThrows(() => make().fit(training), RangeError, "equal their class means");
  }
});

Deno.test("relativeMahalanobis() refuses what would turn it round, and its remedy works", () => {
  // Two images a class vary in three directions of six.
  const training = labelled(normalMatrix(2 * C, D), [0, 0, 1, 1, 2, 2]);
  const along = Float64Array.from({ length: D }, () => 1);
  const images = { features: matrix([1, 10, 100].map((t) => along.map((a) => t * a))) };
  assertThrows(
    () => detectors.relativeMahalanobis().fit(training),
    RangeError,
    "within classes in 3 of 6 dimensions, and in the others relative Mahalanobis would take what is far for near: " +
      'give more images a class, or { shrinkage: "ledoit-wolf" }',
  );
  for (const shrinkage of ["ledoit-wolf", 0.5] as const) {
    const [near, far, farthest] = detectors.relativeMahalanobis({ shrinkage }).fit(training)
      .score(images);
    assert(near > far && far > farthest, `${shrinkage}: ${near}, ${far}, ${farthest}`);
  }
});

Deno.test("relativeMahalanobis() leaves out a feature that is constant in training", () => {
  const features = normalMatrix(30, D);
  const constant = { ...features, data: features.data.map((f, k) => k % D === 2 ? 7 : f) };
  const scores = (training: Matrix) =>
    detectors.relativeMahalanobis().fit(labelled(training, classes)).score({ features });
  const without = (A: Matrix) =>
    matrix(
      Array.from({ length: A.rows }, (_, i) =>
        [...A.data.subarray(i * D, (i + 1) * D)].toSpliced(2, 1)),
    );
  const expected = detectors.relativeMahalanobis()
    .fit({ features: without(constant), labels: classes }).score({ features: without(features) });
  scores(constant).forEach((score, i) => assert(Math.abs(score - expected[i]) < 1e-9));
});

Deno.test("relativeMahalanobis() needs class means that differ", () => {
  const half = normalMatrix(15, D), data = new Float64Array(30 * D);
  data.set(half.data);
  data.set(half.data, 15 * D);
  const training = labelled({ rows: 30, columns: D, data }, classes.map((_, i) => i < 15 ? 0 : 1));
  assertThrows(() => detectors.relativeMahalanobis().fit(training), RangeError, "are equal");
  const one = labelled(normalMatrix(30, D), classes.map(() => 0));
  assertThrows(() => detectors.relativeMahalanobis().fit(one), RangeError, "are equal");
});

Deno.test("subspaces are refused where the training features do not determine them", () => {
  const few = labelled(normalMatrix(4, D), [0, 0, 1, 1]);
  assertThrows(() => detectors.neco({ dimension: 5 }).fit(few), RangeError, "vary in 3 of 6");
  assertThrows(() => detectors.residual({ dimension: 5 }).fit(few), RangeError, "span 4 of 6");
  detectors.neco({ dimension: 3 }).fit(few);
  detectors.residual({ dimension: 4 }).fit(few);
});

Deno.test("vim() refuses logits by which the residual would speak for an image", () => {
  const training = labelled(normalMatrix(30, D), classes);
  const negative = { ...training.logits, data: training.logits.data.map((z) => z - 100) };
  assertThrows(
    () => detectors.vim().fit({ ...training, logits: negative }),
    RangeError,
    "give { alpha }",
  );
});

Deno.test("probabilities of one class are no score", () => {
  const logits = matrix([[1], [2]]);
  for (const make of [detectors.maximumSoftmaxProbability, detectors.generalizedEntropy]) {
    assertThrows(() => make().score({ logits }), RangeError, "at least two classes");
  }
  assertThrows(() => detectors.klMatching().fit({ logits }), RangeError, "at least two classes");
});

Deno.test("detectors refuse labels of other kinds, a bias of another length and options that are none", () => {
  const training = labelled(normalMatrix(30, D), classes);
  const kinds: [unknown, string][] = [
    [classes.map(String), 'entry 0 is "0"'],
    [classes.map((c) => c > 0), "entry 0 is false"],
    [classes.map((c) => c / 2), "entry 1 is 0.5"],
    [BigInt64Array.from(classes, BigInt), "entry 0 is the BigInt 0n"],
    [classes.map((c) => c - 1), "entry 0 is -1"],
    [classes.slice(1), "each of 30 rows, got 29"],
    [Object.assign({}, classes), "an array of numbers"],
  ];
  for (const make of [detectors.mahalanobis, detectors.neco, detectors.classMeanCosine]) {
    for (const [labels, message] of kinds) {
      assertThrows(() => make().fit({ ...training, labels: labels as number[] }), Error, message);
    }
  }
  for (const length of [C - 1, C + 1]) {
    const wrong = { ...training, lastLayer: { ...lastLayer, bias: new Float64Array(length) } };
    for (const make of [detectors.react, detectors.vim, detectors.residual]) {
      assertThrows(() => make().fit(wrong), RangeError, `bias has ${C} entries, got ${length}`);
    }
  }
  const wrongBias = { ...lastLayer, weights: normalMatrix(C, D + 1) };
  assertThrows(
    () => detectors.react().fit({ ...training, lastLayer: wrongBias }),
    RangeError,
    "7 features",
  );
  for (const [name, make] of Object.entries(detectors)) {
    if (/Error$/.test(name)) continue;
    const taken = (make as (options: object) => unknown).length > 0 || /options/.test(`${make}`);
    if (!taken) continue;
    assertThrows(
      () => (make as (options: object) => unknown)({ colour: 1 }),
      TypeError,
      'no option "colour"',
    );
  }
});
