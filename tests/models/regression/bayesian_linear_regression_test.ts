import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  add,
  cholesky,
  choleskySolve,
  column,
  dot,
  identity,
  multiply,
  row,
  scaled,
} from "../../../lib/linear_algebra/mod.ts";
import { designMatrix, gaussian, polynomial } from "../../../lib/models/regression/bases.ts";
import {
  BayesianLinearRegression,
  fitBayesianLinearRegression,
} from "../../../lib/models/regression/bayesian_linear_regression.ts";
import { permutation, seeded } from "../../../lib/random.ts";
import { sineSet } from "../../../lib/data/regression.ts";
import reference from "../../reference/bayesian_linear_regression.json" with { type: "json" };

const line = polynomial({ degree: 1 });
const fit = (degree: number, { alpha, beta }: { alpha: number; beta: number }) =>
  fitBayesianLinearRegression(reference, { basis: polynomial({ degree }), alpha, beta });

function assertAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
) {
  assertEquals(actual.length, expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    assertAlmostEquals(actual[i], expected[i], relative * scale);
  }
}

Deno.test("BayesianLinearRegression agrees with the dense formulas in float64", () => {
  for (const expected of reference.dense) {
    const model = fit(expected.degree, expected), { posterior } = model;
    assertAllClose(posterior.mean, expected.mean, 1e-12);
    assertAllClose(posterior.covariance.data, expected.covariance.flat(), 1e-12);
    const { mean, modelVariance } = model.predict(reference.at);
    assertAllClose(mean, expected.predictiveMean, 1e-12);
    assertAllClose(modelVariance, expected.modelVariance, 1e-12);
    assertAlmostEquals(model.logEvidence, expected.logEvidence, 1e-11);
  }
});

Deno.test("BayesianLinearRegression agrees with 60 digits where a Gram matrix would have lost them", () => {
  for (const expected of reference.exact) {
    const model = fit(expected.degree, expected);
    const { mean, modelVariance } = model.predict(reference.at);
    // The condition number of Φ is 6e9 and 1e7: QR may lose so many units in the last place, ΦᵀΦ the square of it.
    assertAllClose(model.posterior.mean, expected.mean, 1e-7);
    for (const i of reference.at.keys()) {
      assertAlmostEquals(mean[i] / expected.predictiveMean[i], 1, 1e-7);
      assertAlmostEquals(modelVariance[i] / expected.modelVariance[i], 1, 1e-7);
    }
    if (expected.logEvidence !== undefined) {
      assertAlmostEquals(model.logEvidence, expected.logEvidence, 1e-7);
    }
    assertThrows(() => assertAllClose(byGramMatrix(expected), expected.mean, 1e-5));
  }
});

/** The posterior mean by the normal equations, which the model avoids. */
function byGramMatrix({ degree, alpha, beta }: { degree: number; alpha: number; beta: number }) {
  const Phi = designMatrix(polynomial({ degree }), reference.x);
  const y = { rows: reference.y.length, columns: 1, data: Float64Array.from(reference.y) };
  const gram = scaled(multiply(Phi, Phi, { transposeA: true }), beta);
  const right = scaled(multiply(Phi, y, { transposeA: true }), beta);
  return choleskySolve(cholesky(add(gram, identity(degree + 1), alpha)), right).data;
}

Deno.test("BayesianLinearRegression agrees with scikit-learn's BayesianRidge", () => {
  for (const expected of reference.bayesianRidge) {
    const model = fit(expected.degree, expected);
    assertAllClose(model.posterior.mean, expected.mean, 1e-10);
    assertAllClose(model.posterior.covariance.data, expected.covariance.flat(), 1e-10);
    const { mean, variance } = model.predict(reference.at);
    assertAllClose(mean, expected.predictiveMean, 1e-10);
    assertAllClose(variance, expected.predictiveVariance, 1e-10);
    assertAlmostEquals(model.logEvidence, expected.logEvidence, 1e-9);
  }
});

Deno.test("BayesianLinearRegression before any data is its prior", () => {
  const prior = new BayesianLinearRegression({ basis: line, alpha: 4, beta: 1 });
  assertEquals([...prior.posterior.mean], [0, 0]);
  assertEquals(prior.posterior.covariance, identity(2, 1 / 4));
  assertEquals([...prior.predict([3]).variance], [1 + (1 + 9) / 4]);
  assertAlmostEquals(prior.logEvidence, 0, 1e-15); // no data are certain
  const same = prior.update({ x: [], y: [] });
  assertEquals([same.count, same.posterior], [0, prior.posterior]);
});

Deno.test("update() gives the same one by one, at once and in any order", () => {
  const data = sineSet(seeded(7)),
    prior = new BayesianLinearRegression({
      basis: gaussian({ centres: [0, 0.25, 0.5, 0.75, 1], width: 0.2 }),
      alpha: 0.3,
      beta: 20,
    });
  const batch = prior.update(data);
  const order = permutation(seeded(8), 25);
  let sequential = prior;
  for (const i of order) sequential = sequential.update({ x: [data.x[i]], y: [data.y[i]] });
  assertEquals([sequential.count, prior.count], [25, 0]);
  assertAllClose(sequential.posterior.mean, batch.posterior.mean, 1e-12);
  assertAllClose(sequential.posterior.covariance.data, batch.posterior.covariance.data, 1e-12);
  assertAlmostEquals(sequential.logEvidence, batch.logEvidence, 1e-11);
});

Deno.test("logEvidence is the sum of the log predictive densities of each point after the ones before", () => {
  let model = new BayesianLinearRegression({
    basis: polynomial({ degree: 3 }),
    alpha: 0.5,
    beta: 25,
  });
  let sum = 0;
  reference.x.forEach((x, i) => {
    const { mean: [mean], variance: [variance] } = model.predict([x]);
    sum -= (Math.log(2 * Math.PI * variance) + (reference.y[i] - mean) ** 2 / variance) / 2;
    model = model.update({ x: [x], y: [reference.y[i]] });
  });
  assertAlmostEquals(model.logEvidence, sum, 1e-10);
});

Deno.test("predict() splits the variance into noise and model, and more data never add to the model part", () => {
  const x = [-3, 0.2, 0.9, 4];
  let model = new BayesianLinearRegression({ basis: line, alpha: 2, beta: 12.5 });
  let before = model.predict(x).modelVariance;
  for (const i of reference.x.keys()) {
    model = model.update({ x: [reference.x[i]], y: [reference.y[i]] });
    const { variance, noiseVariance, modelVariance } = model.predict(x);
    assertEquals(noiseVariance, 1 / 12.5);
    assertEquals([...variance], [...modelVariance.map((v) => v + noiseVariance)]);
    assert(modelVariance.every((v, k) => 0 < v && v <= before[k]));
    before = modelVariance;
  }
});

Deno.test("alpha = 0 is least squares where the points determine the weights", () => {
  const x = [0.3, 0.9, 1.4, 2.2], y = [1, 0, 2, 1], N = 4;
  const [sx, sxx, sy, sxy] = [dot(x, [1, 1, 1, 1]), dot(x, x), dot(y, [1, 1, 1, 1]), dot(x, y)];
  const D = N * sxx - sx ** 2;
  const { mean, covariance } =
    fitBayesianLinearRegression({ x, y }, { basis: line, alpha: 0, beta: 1 }).posterior;
  assertAllClose(mean, [(sxx * sy - sx * sxy) / D, (N * sxy - sx * sy) / D], 1e-14);
  assertAllClose(covariance.data, [sxx / D, -sx / D, -sx / D, N / D], 1e-14);
});

Deno.test("alpha = 0 says what is missing where they do not", () => {
  const flat = new BayesianLinearRegression({ basis: line, alpha: 0, beta: 1 });
  for (const x of [[], [1], [0.1, 0.1, 0.1]]) {
    const model = flat.update({ x, y: x });
    assertThrows(() => model.posterior, RangeError, "alpha = 0 leaves weight");
    assertThrows(() => model.predict([0]), RangeError, `${x.length} points seen`);
  }
  assertThrows(() => flat.update({ x: [0, 1], y: [0, 1] }).logEvidence, RangeError, "alpha > 0");
  // One point more repairs it.
  assertAllClose(
    flat.update({ x: [1], y: [1] }).update({ x: [2], y: [3] }).posterior.mean,
    [-1, 2],
    1e-14,
  );
});

Deno.test("sampleWeights() has the posterior's mean and covariance", () => {
  const model = fit(1, { alpha: 2, beta: 12.5 }), count = 20_000;
  const { mean, covariance } = model.posterior;
  const centred = model.sample({ random: seeded(5), samples: count });
  for (let i = 0; i < count; i++) {
    row(centred, i).forEach((w, j, weights) => weights[j] = w - mean[j]);
  }
  const products = multiply(centred, centred, { transposeA: true });
  for (const j of [0, 1]) {
    const variance = row(covariance, j)[j];
    const average = dot(column(centred, j), new Float64Array(count).fill(1)) / count;
    assertAlmostEquals(average, 0, 5 * Math.sqrt(variance / count)); // five standard errors
    for (const k of [0, 1]) {
      const bound = 5 * Math.sqrt(2 * variance * row(covariance, k)[k] / count);
      assertAlmostEquals(row(products, j)[k] / count, row(covariance, j)[k], bound);
    }
  }
});

Deno.test("sampleFunctions() are the sampled weights times the basis, and repeat with the seed", () => {
  const model = fit(3, { alpha: 0.5, beta: 25 }), x = [0.1, 1.3];
  const F = model.sampleFunctions(x, { random: seeded(1), samples: 3 });
  const W = model.sample({ random: seeded(1), samples: 3 });
  assertEquals([F.rows, F.columns], [3, 2]);
  const byHand = x.map((v) => W.data[4] + W.data[5] * v + W.data[6] * v ** 2 + W.data[7] * v ** 3);
  assertAllClose(F.data.slice(2, 4), byHand, 1e-13);
});

Deno.test("BayesianLinearRegression refuses bad input in words", () => {
  const make = (alpha: number, beta: number) => () =>
    new BayesianLinearRegression({ basis: line, alpha, beta });
  assertThrows(
    make(-1, 1),
    RangeError,
    "alpha, the prior precision, is a finite number of at least 0",
  );
  assertThrows(make(NaN, 1), RangeError, "alpha");
  assertThrows(make(1, 0), RangeError, "beta, the noise precision, is a finite number above 0");
  assertThrows(make(1, -2), RangeError, "got -2");
  const model = make(1, 1)();
  assertThrows(() => model.update({ x: [1, 2], y: [1] }), RangeError, "2 inputs and 1 targets");
  assertThrows(
    () => model.update({ x: [NaN], y: [1] }),
    RangeError,
    "x[0] is a finite number, got NaN",
  );
  assertThrows(() => model.update({ x: [1], y: [NaN] }), RangeError, "y holds finite numbers");
  assertThrows(() => model.predict([Infinity]), RangeError, "Infinity");
  assertThrows(
    () => new BayesianLinearRegression({ basis: [], alpha: 1, beta: 1 }).predict([1]),
    RangeError,
  );
});
