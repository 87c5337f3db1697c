import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { blobs } from "../../../lib/data/blobs.ts";
import type { Labelled } from "../../../lib/data/labelled.ts";
import { dot, matrix, multiplyVector } from "../../../lib/linear_algebra/mod.ts";
import { totalVariation } from "../../../lib/metrics/classification.ts";
import { fitLaplaceApproximation } from "../../../lib/models/inference/laplace_approximation.ts";
import {
  expectedSigmoidUnder,
  fitExactPosterior,
  totalVariationFromDensity,
} from "../../../lib/models/logistic/exact_posterior.ts";
import { fitLogisticRegression } from "../../../lib/models/logistic/logistic_regression.ts";
import {
  expectedLogLikelihood,
  fitVariationalLogisticRegression,
  fitVariationalLogisticRegressionByQuadrature,
} from "../../../lib/models/logistic/variational_logistic_regression.ts";
import { seeded } from "../../../lib/random.ts";
import { newInputs, reference, twoClasses } from "../../reference/classification.ts";

const { sigma: priorDeviation, two_classes: { importance } } = reference;

Deno.test("fitExactPosterior() agrees with an importance estimate of 10⁷ draws, within four standard errors", () => {
  const exact = fitExactPosterior(twoClasses, { priorDeviation });
  assertAlmostEquals(exact.logEvidence, importance.log_evidence, 4 * importance.log_evidence_error);
  const { data } = exact.predict(newInputs).probabilities;
  importance.probabilities.forEach((p, n) =>
    assertAlmostEquals(data[2 * n + 1], p, 4 * importance.errors[n])
  );
});

Deno.test("fitExactPosterior() of one weight and a bias agrees with a plain double sum", () => {
  const data = { X: matrix([[-1], [0.5], [2]]), labels: Int32Array.of(0, 1, 1) }, h = 0.01;
  let evidence = 0, mean = 0;
  for (let w = -12; w <= 12; w += h) {
    for (let b = -12; b <= 12; b += h) {
      const p = (x: number) => 1 / (1 + Math.exp(-(w * x + b)));
      const joint = (1 - p(-1)) * p(0.5) * p(2) * Math.exp(-(w * w + b * b) / 8) / (8 * Math.PI);
      evidence += joint * h * h;
      mean += w * joint * h * h;
    }
  }
  const exact = fitExactPosterior(data, { priorDeviation: 2 });
  assertAlmostEquals(exact.logEvidence, Math.log(evidence), 1e-7); // the sum ends at six deviations
  assertAlmostEquals(exact.mean[0], mean / evidence, 1e-6);
});

Deno.test("fitExactPosterior() of two mirrored points has the evidence ¼ under every prior", () => {
  // Its two logits b − w and b + w are independent and symmetric about 0: each label has probability ½.
  const mirrored = { X: matrix([[-1], [1]]), labels: Int32Array.of(0, 1) };
  for (const priorDeviation of [0.1, 1, 4]) {
    const { logEvidence } = fitExactPosterior(mirrored, { priorDeviation });
    assertAlmostEquals(logEvidence, Math.log(1 / 4), 1e-5);
  }
});

Deno.test("fitExactPosterior() converges faster than any power of its step", () => {
  const [first, second, third] = [0.64, 0.32, 0.16].map((step) =>
    fitExactPosterior(twoClasses, { priorDeviation, step }).logEvidence
  );
  // Halving a step divides the error of a rule of order p by 2^p: here by more than 2^10.
  assert(Math.abs(second - third) < Math.abs(first - second) / 2 ** 10);
});

Deno.test("fitExactPosterior().marginal() is a density with the posterior's mean and variance", () => {
  const exact = fitExactPosterior(twoClasses, { priorDeviation }), c = [0.3, -2, 1];
  const { values, density } = exact.marginal(c), h = values[1] - values[0];
  const moment = (f: (a: number) => number) =>
    density.reduce((sum, p, i) => sum + h * p * f(values[i]), 0);
  const mean = dot(c, exact.mean);
  assertAlmostEquals(moment(() => 1), 1, 1e-12);
  assertAlmostEquals(moment((a) => a), mean, 1e-6);
  const variance = dot(c, multiplyVector(exact.covariance, c));
  assertAlmostEquals(moment((a) => (a - mean) ** 2) / variance, 1, 1e-6);
});

Deno.test("expectedSigmoidUnder() the marginal is the prediction, and far away the share of a half-space", () => {
  const exact = fitExactPosterior(twoClasses, { priorDeviation });
  const near = expectedSigmoidUnder(exact.marginal([1, -2, 1]));
  assertAlmostEquals(near, exact.predict(matrix([[1, -2]])).probabilities.data[1], 1e-7);
  // At 10⁴ times the same input the sigmoid is a step, and its mean the probability that w · x > 0.
  const far = expectedSigmoidUnder(exact.marginal([1e4, -2e4, 0]));
  const { nodes, weights } = fitExactPosterior(twoClasses, { priorDeviation, step: 0.25 });
  const share = weights.reduce((sum, w, m) => {
    const a = nodes.data[3 * m] - 2 * nodes.data[3 * m + 1];
    return a > 0 ? sum + w : sum;
  }, 0);
  assertAlmostEquals(far, share, 2e-3); // the share is a sum over cells that the boundary cuts
});

Deno.test("fitExactPosterior() refuses more than four parameters, bad steps and bad data", () => {
  const wide = { X: matrix([[1, 2, 3, 4], [4, 3, 2, 2]]), labels: Int32Array.of(0, 1) };
  assertThrows(() => fitExactPosterior(wide, { priorDeviation: 1 }), RangeError, "4 parameters");
  assertThrows(() => fitExactPosterior(twoClasses, { priorDeviation: 1, step: 0 }), RangeError);
  const one = { ...twoClasses, labels: twoClasses.labels.map(() => 1) };
  assertThrows(() => fitExactPosterior(one, { priorDeviation: 1 }), RangeError, "two classes");
  assertThrows(() => fitExactPosterior(twoClasses, { priorDeviation: Infinity }), RangeError, "σ");
  // Separable points under so wide a prior have a posterior with an edge, which a lattice does not resolve.
  const separable = { X: matrix([[-1], [1]]), labels: Int32Array.of(0, 1) };
  assertThrows(() => fitExactPosterior(separable, { priorDeviation: 1e4 }), RangeError, "narrower");
});

// Overlapping classes, so that the likelihood alone has a maximum, in growing numbers.
const overlapping = (points: number, centres = [[-0.7, -0.2], [0.7, 0.6]]): Labelled =>
  blobs(seeded(11), { points, centres, deviation: 1 });
const prior = { priorDeviation: 2 };
const laplaceOf = (data: Labelled) =>
  fitLaplaceApproximation(data, { model: fitLogisticRegression(data, prior), ...prior });

Deno.test("Laplace's total variation distance to the exact posterior falls to 0 as 1/√N", () => {
  const distances = [20, 80, 320, 1280].map((points) => {
    const data = overlapping(points), laplace = laplaceOf(data);
    return totalVariationFromDensity(
      fitExactPosterior(data, prior),
      (theta) => laplace.logDensity(theta),
    );
  });
  distances.slice(1).forEach((distance, i) => assert(distance < distances[i]));
  // 64 times the points: an eighth of the distance, if the law is 1/√N; between a sixteenth and a quarter is required.
  const ratio = distances[0] / distances[3];
  assert(ratio > 4 && ratio < 16, `${distances}`);
});

Deno.test("the quadrature ELBO never exceeds the log evidence", () => {
  const random = seeded(12);
  for (const points of [4, 20, 100]) {
    const data = overlapping(points);
    for (const priorDeviation of [0.3, 1, 4]) {
      const { logEvidence } = fitExactPosterior(data, { priorDeviation });
      const best = fitVariationalLogisticRegressionByQuadrature(data, { priorDeviation });
      assert(best.elbo.every((elbo) => elbo <= logEvidence));
      assert(best.elbo.at(-1)! > best.elbo[0]);
      const sampled = fitVariationalLogisticRegression(data, {
        random,
        priorDeviation,
        epochs: 50,
      });
      const bound = expectedLogLikelihood(sampled.layer, data) -
        sampled.layer.divergence(priorDeviation);
      assert(bound <= best.elbo.at(-1)! + 1e-9);
    }
  }
});

Deno.test("mean-field variances tend to 1 / H_ii, not to (H⁻¹)_ii", () => {
  const errors = [100, 1600, 25600].map((points) => {
    // Both classes on one side of the origin, so that every weight is correlated with the bias.
    const data = overlapping(points, [[0.5, 0.7], [1.9, 1.5]]);
    const { curvature, covariance } = laplaceOf(data);
    const { deviation } = fitVariationalLogisticRegressionByQuadrature(data, prior).layer;
    return Math.max(...[0, 1, 2].map((i) => {
      const precision = curvature.data[4 * i] + 1 / prior.priorDeviation ** 2;
      assert(1 / precision < 0.95 * covariance.data[4 * i]); // the two limits differ
      return Math.abs(deviation[i] ** 2 * precision - 1);
    }));
  });
  errors.slice(1).forEach((error, i) => assert(error < errors[i] / 4, `${errors}`)); // as 1/N or so
});

Deno.test("the predictions of the mode, Laplace, variational inference and the truth agree as N grows", () => {
  const grid = matrix([[-2, -1], [0, 0], [0.5, -1], [3, 1]]);
  const spreads = [20, 1280].map((points) => {
    const data = overlapping(points), truth = fitExactPosterior(data, prior).predict(grid);
    return [
      fitLogisticRegression(data, prior).predict(grid),
      laplaceOf(data).predict(grid, { method: "probit" }),
      laplaceOf(data).predict(grid, { method: "linearised" }),
      fitVariationalLogisticRegressionByQuadrature(data, prior).predict(grid),
    ].map((it) => Math.max(...totalVariation(it.probabilities, truth.probabilities)));
  });
  // 64 times the points: a 64th of the distance, if it falls as 1/N; an 8th is required of each method.
  spreads[0].forEach((first, method) => assert(spreads[1][method] < first / 8, `${spreads}`));
});
