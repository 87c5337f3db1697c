import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blobs } from "../../../lib/data/blobs.ts";
import { matrix } from "../../../lib/linear_algebra/mod.ts";
import { priorDeviationOf } from "../../../lib/models/inference/prior.ts";
import {
  fitLogisticRegression,
  fitLogisticRegressionBySgd,
  SeparableDataError,
} from "../../../lib/models/logistic/logistic_regression.ts";
import { logPosterior } from "../../../lib/models/perceptron/network_classifier.ts";
import { seeded } from "../../../lib/random.ts";
import { reference, threeClasses, twoClasses } from "../../reference/classification.ts";

const { sigma: priorDeviation } = reference;
const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);

Deno.test("fitLogisticRegression() finds scikit-learn's mode, for two classes and for three", () => {
  const two = fitLogisticRegression(twoClasses, { priorDeviation }).theta;
  const three = fitLogisticRegression(threeClasses, { priorDeviation, classes: 3 }).theta;
  reference.two_classes.mode.forEach((t, i) => assertAlmostEquals(two[i], t, 1e-6));
  reference.three_classes.mode.forEach((t, i) => assertAlmostEquals(three[i], t, 1e-6));
});

Deno.test("fitLogisticRegression() leaves a gradient of rounding size", () => {
  for (const [data, classes] of [[twoClasses, 2], [threeClasses, 3]] as const) {
    for (const priorDeviation of [0.01, 1, 100]) {
      const model = fitLogisticRegression(data, { priorDeviation, classes });
      const { gradient } = logPosterior(model, data, { priorDeviation });
      assert(largest(gradient) < 1e-11, `${largest(gradient)} at ${priorDeviation}`);
    }
  }
});

Deno.test("fitLogisticRegression() with softmax has weights that sum to 0 over the classes", () => {
  // The likelihood does not see their sum, so the prior alone decides it.
  const { theta } = fitLogisticRegression(threeClasses, { priorDeviation, classes: 3 });
  assertAlmostEquals(theta[0] + theta[2] + theta[4], 0, 1e-12);
  assertAlmostEquals(theta[6] + theta[7] + theta[8], 0, 1e-12);
});

Deno.test("fitLogisticRegressionBySgd() approaches the mode of the prior that its weight decay is", () => {
  const data = blobs(seeded(1)), weightDecay = 0.05;
  const mode = fitLogisticRegression(data, {
    priorDeviation: priorDeviationOf({ weightDecay, points: data.X.rows }),
  });
  const distanceAfter = (epochs: number) => {
    const options = { random: seeded(2), weightDecay, epochs, batchSize: 400, learningRate: 0.3 };
    const { theta } = fitLogisticRegressionBySgd(data, options);
    return largest(theta.map((t, i) => t - mode.theta[i]));
  };
  assert(distanceAfter(20) > distanceAfter(100));
  assert(distanceAfter(2000) < 1e-12);
});

Deno.test("LogisticRegression.jacobian() is the derivative of the logits", () => {
  const model = fitLogisticRegression(threeClasses, { priorDeviation, classes: 3 });
  const X = matrix([[0.3, -2], [1, 5]]), J = model.jacobian(X);
  model.theta.forEach((_, p) => {
    const moved = model.theta.map((t, i) => i === p ? t + 1 : t); // linear, so the step may be 1
    model.logits(X, moved).data.forEach((a, k) =>
      assertAlmostEquals(J.data[k * J.columns + p], a - model.logits(X).data[k], 1e-12)
    );
  });
});

Deno.test("priorDeviationOf() is 1 / √(λ N)", () => {
  assertAlmostEquals(priorDeviationOf({ weightDecay: 0.05, points: 400 }), 1 / Math.sqrt(20));
  assertThrows(
    () => priorDeviationOf({ weightDecay: 0, points: 4 }),
    RangeError,
    "weightDecay is a finite number above 0",
  );
});

Deno.test("fitLogisticRegression() without a prior maximises the likelihood of overlapping classes", () => {
  const options = { priorDeviation: Infinity };
  const { theta } = fitLogisticRegression(twoClasses, options);
  const wide = fitLogisticRegression(twoClasses, { priorDeviation: 1e5 }).theta;
  theta.forEach((t, i) => assertAlmostEquals(t, wide[i], 1e-6));
});

Deno.test("fitLogisticRegression() refuses data that have no mode, and says what to do", () => {
  const separable = { X: matrix([[-1], [1], [2]]), labels: Int32Array.of(0, 1, 1) };
  assertThrows(
    () => fitLogisticRegression(separable, { priorDeviation: Infinity }),
    SeparableDataError,
    "Give a prior",
  );
  assertEquals(fitLogisticRegression(separable).predict(separable.X).probabilities.rows, 3);
});

Deno.test("fitLogisticRegression() refuses bad data and bad options", () => {
  const X = matrix([[1], [2]]);
  const fit = (labels: number[], options = {}) =>
    fitLogisticRegression({ X, labels: Int32Array.from(labels) }, options);
  assertThrows(() => fit([1, 1]), RangeError, "at least two classes");
  assertThrows(() => fit([0, 2]), RangeError, "0 to 1");
  assertThrows(() => fit([0, -1]), RangeError, "0 to 1");
  assertThrows(() => fit([0]), RangeError, "one entry for each");
  assertThrows(() => fit([0, 1], { priorDeviation: 0 }), RangeError, "positive");
  assertThrows(() => fit([0, 1], { priorDeviation: NaN }), RangeError, "positive");
  assertThrows(() => fit([0, 1], { classes: 1 }), RangeError);
  const broken = { rows: 2, columns: 1, data: Float64Array.of(1, NaN) };
  assertThrows(
    () => fitLogisticRegression({ X: broken, labels: Int32Array.of(0, 1) }),
    RangeError,
    "finite",
  );
});
