import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  type Matrix,
  matrix,
  multiply,
  row,
  scaled,
  symmetricEigen,
} from "../../lib/linear_algebra/mod.ts";
import {
  betweenClassCovariance,
  centredClassMeans,
  featureStatistics,
} from "../../lib/metrics/feature_statistics.ts";
import {
  alignments,
  cosines,
  equiangularity,
  equinorm,
  neuralCollapse,
  orthogonality,
  selfDuality,
  withinClassVariability,
} from "../../lib/metrics/neural_collapse.ts";
import { normals, permutation, seeded } from "../../lib/random.ts";

const C = 4, D = 6;

/** The simplex of C classes: I − 1/C, padded to D dimensions. */
const simplex = matrix(
  Array.from(
    { length: C },
    (_, c) => Array.from({ length: D }, (_, j) => j >= C ? 0 : (c === j ? 1 : 0) - 1 / C),
  ),
);

function around(means: Matrix, { each, deviation }: { each: number; deviation: number }) {
  const labels = Array.from({ length: each * means.rows }, (_, i) => i % means.rows);
  const noise = normals(seeded(1), labels.length * D, { deviation });
  const features = matrix(
    labels.map((label, i) => row(means, label).map((m, j) => m + noise[i * D + j])),
  );
  return { labels, features };
}

Deno.test("neuralCollapse() is 0 in every measure on a collapsed network", () => {
  const { labels, features } = around(simplex, { each: 3, deviation: 0 });
  const lastLayer = { weights: scaled(simplex, 7), bias: new Float64Array(C) };
  const logits = multiply(features, lastLayer.weights, { transposeB: true });
  const orthogonal = matrix([[0, 0, 0, 0, 1, 2]]);
  const measures = neuralCollapse({
    features,
    labels,
    logits,
    lastLayer,
    outOfDistribution: { orthogonal },
  });
  const { withinClassVariances, alignment, equinorm, equiangularity, ...rest } = measures;
  assertAlmostEquals(alignment, 1, 1e-12);
  const zeros = [
    ...withinClassVariances,
    equinorm.classMeans,
    equinorm.classifier,
    equiangularity.classMeans,
    equiangularity.classifier,
    rest.withinClassVariability,
    rest.traceQuotient,
    rest.selfDuality,
    rest.nearestMeanDisagreement,
    rest.orthogonality.orthogonal,
  ];
  zeros.forEach((zero, k) => assertAlmostEquals(zero, 0, 1e-12, `measure ${k}`));
});

Deno.test("withinClassVariability() is (C − 1) s² on a simplex with noise of variance s²", () => {
  const s = 0.1, { features, labels } = around(simplex, { each: 5000, deviation: s });
  // Σ_B = P / C with P the projector on the simplex's C − 1 dimensions, so tr(s² I Σ_B†) / C = s² (C − 1)
  const nc1 = withinClassVariability(featureStatistics(features, labels));
  assertAlmostEquals(nc1 / ((C - 1) * s ** 2), 1, 0.03);
});

Deno.test("withinClassVariability() does not change when the features are scaled, turned or shifted", () => {
  const { features, labels } = around(simplex, { each: 10, deviation: 0.3 });
  const nc1 = (f: Matrix) => withinClassVariability(featureStatistics(f, labels));
  const noise = matrix([...Array(D).keys()].map((j) => normals(seeded(j), D)));
  const { vectors: rotation } = symmetricEigen(multiply(noise, noise, { transposeA: true }));
  const shifted = { ...features, data: features.data.map((f, k) => f + k % D) };
  for (const moved of [scaled(features, 40), multiply(features, rotation), shifted]) {
    assertAlmostEquals(nc1(moved), nc1(features), 1e-9);
  }
});

Deno.test("withinClassVariability() stays true where a float32 pseudo-inverse fails", () => {
  const shifted = { ...simplex, data: simplex.data.map((m) => m + 1000) };
  const { features, labels } = around(shifted, { each: 10, deviation: 0.1 });
  const { features: centred } = around(simplex, { each: 10, deviation: 0.1 });
  const nc1 = (f: Matrix) => withinClassVariability(featureStatistics(f, labels));
  assertAlmostEquals(nc1(features), nc1(centred), 1e-6);
  assert(nc1(features) > 0 && nc1(features) < 0.1);
});

Deno.test("featureStatistics() splits the total covariance into within and between", () => {
  const { features } = around(simplex, { each: 10, deviation: 0.5 });
  const labels = Array.from({ length: features.rows }, (_, i) => i % 3 === 0 ? 0 : i % C); // unbalanced
  const statistics = featureStatistics(features, labels);
  const between = betweenClassCovariance(statistics).data;
  const one = featureStatistics(features, labels.map(() => 0)).withinClassCovariance.data;
  statistics.totalCovariance.data.forEach((total, k) => {
    assertAlmostEquals(total, one[k], 1e-12);
    assertAlmostEquals(total, statistics.withinClassCovariance.data[k] + between[k], 1e-12);
  });
  const trace = statistics.withinClassVariances.reduce(
    (sum, variance, c) => sum + variance * statistics.counts[c] / features.rows,
    0,
  );
  const diagonal = Array.from(
    { length: D },
    (_, j) => statistics.withinClassCovariance.data[j * (D + 1)],
  );
  assertAlmostEquals(trace, diagonal.reduce((a, b) => a + b), 1e-12);
});

Deno.test("neuralCollapse() does not depend on the order of the images", () => {
  const { features, labels } = around(simplex, { each: 5, deviation: 0.4 });
  const order = [...permutation(seeded(5), labels.length)];
  const shuffled = matrix(order.map((i) => row(features, i)));
  assertAlmostEquals(
    withinClassVariability(featureStatistics(features, labels)),
    withinClassVariability(featureStatistics(shuffled, order.map((i) => labels[i]))),
    1e-12,
  );
});

Deno.test("equinorm(), equiangularity() and cosines() on vectors worked by hand", () => {
  const V = matrix([[3, 4], [0, 10]]); // norms 5 and 10, cosine 0.8
  assertAlmostEquals(equinorm(V), 2.5 / 7.5, 1e-15);
  assertAlmostEquals(cosines(V).data[1], 0.8, 1e-15);
  assertAlmostEquals(equiangularity(V), 0.8 + 1, 1e-15); // −1/(C − 1) = −1 for two
});

Deno.test("selfDuality() is 2 − 2 cos of the two matrices as vectors", () => {
  const W = matrix([[1, 0], [0, 1]]), M = matrix([[1, 0], [0, -1]]);
  assertAlmostEquals(selfDuality(W, M), 2, 1e-15);
  assertAlmostEquals(selfDuality(W, scaled(W, -3)), 4, 1e-15);
  const [first, second] = alignments(W, M);
  assertAlmostEquals(first, 1, 1e-15);
  assertAlmostEquals(second, -1, 1e-15);
});

Deno.test("neural collapse refuses what has no answer", () => {
  const { features, labels } = around(simplex, { each: 2, deviation: 0.1 });
  assertThrows(
    () => featureStatistics(features, labels.slice(1)),
    RangeError,
    "each of 8 rows, got 7",
  );
  assertThrows(
    () => featureStatistics(features, labels, { classes: 5 }),
    RangeError,
    "class 4 of 5",
  );
  assertThrows(() => featureStatistics(features, labels, { classes: 2 }), RangeError, "0 to 1");
  const same = featureStatistics(matrix([[1, 2], [1, 2]]), [0, 1]);
  assertThrows(() => withinClassVariability(same), RangeError, "All class means are equal");
  const broken = { ...features, data: features.data.map((f, k) => k === 7 ? NaN : f) };
  assertThrows(() => featureStatistics(broken, labels), RangeError, "image 1");
  assertThrows(() => selfDuality(features, simplex), RangeError, "one shape");
  const { classMeans } = featureStatistics(features, labels);
  assertThrows(() => orthogonality({ classMeans }, matrix([Array(D).fill(0)])), RangeError);
  assertThrows(
    () => cosines(centredClassMeans({ mean: row(simplex, 0), classMeans: simplex })),
    RangeError,
    "zeros",
  );
});
