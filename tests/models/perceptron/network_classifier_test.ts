import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { type Matrix, matrix, row, scaled } from "../../../lib/linear_algebra/mod.ts";
import { probabilitiesOf } from "../../../lib/models/inference/predictive.ts";
import { fitLogisticRegression } from "../../../lib/models/logistic/logistic_regression.ts";
import {
  forward,
  initialParameters,
} from "../../../lib/models/perceptron/multilayer_perceptron.ts";
import {
  fitNetwork,
  logPosterior,
  predictUnder,
  withoutBiases,
} from "../../../lib/models/perceptron/network_classifier.ts";
import { heavyBall } from "../../../lib/models/perceptron/optimizers.ts";
import { seeded } from "../../../lib/random.ts";
import { threeClasses, twoClasses } from "../../reference/classification.ts";

const moons = twoMoons(seeded(1), { points: 200, noise: 0.1 });
const accuracy = (probabilities: Matrix, labels: Int32Array) =>
  labels.filter((label, n) => row(probabilities, n)[label] > 0.5).length / labels.length;

Deno.test("fitNetwork() without hidden layers finds the mode of logistic regression", () => {
  const priorDeviation = 0.7, optimizer = () => heavyBall({ learningRate: 0.5, momentum: 0.9 });
  for (const [data, classes] of [[twoClasses, 2], [threeClasses, 3]] as const) {
    const exact = fitLogisticRegression(data, { priorDeviation, classes }).theta;
    const { theta } = fitNetwork(data, {
      random: seeded(2),
      hidden: [],
      classes,
      priorDeviation,
      optimizer,
      batchSize: data.labels.length,
      epochs: 2000,
    });
    theta.forEach((value, i) => assertAlmostEquals(value, exact[i], 1e-9));
  }
});

Deno.test("fitNetwork() separates what no straight line can", () => {
  const network = fitNetwork(moons, { random: seeded(3), priorDeviation: 3, epochs: 500 });
  assert(accuracy(network.predict(moons.X).probabilities, moons.labels) > 0.99);
  const linear = fitLogisticRegression(moons, { priorDeviation: 1 });
  assert(accuracy(probabilitiesOf(linear.logits(moons.X)), moons.labels) < 0.95);
});

Deno.test("fitNetwork() gives the same network for the same seed, and other networks for others", () => {
  const theta = (seed: number) =>
    fitNetwork(moons, { random: seeded(seed), epochs: 3, dropout: 0.2 }).theta;
  assertEquals(theta(4), theta(4));
  assert(theta(4).some((value, i) => value !== theta(5)[i]));
});

Deno.test("fitNetwork() starts from the loss of its initial parameters, −logPosterior() / N", () => {
  const settings = { hidden: [5], priorDeviation: 0.5, batchSize: 200, epochs: 1 };
  const { loss, sizes } = fitNetwork(moons, { random: seeded(6), ...settings });
  const theta = initialParameters(sizes, seeded(6));
  const { value } = logPosterior({ sizes, theta }, moons, { priorDeviation: 0.5 });
  assertAlmostEquals(loss[0], -value / 200, 1e-12);
});

Deno.test("logPosterior() has the gradient of finite differences", () => {
  const sizes = [2, 6, 3], theta = initialParameters(sizes, seeded(7)), h = 1e-6;
  const options = { priorDeviation: 0.5 };
  const { gradient } = logPosterior({ sizes, theta }, threeClasses, options);
  theta.forEach((value, i) => {
    const at = (t: number) =>
      logPosterior({ sizes, theta: theta.with(i, t) }, threeClasses, options).value;
    assertAlmostEquals(gradient[i], (at(value + h) - at(value - h)) / (2 * h), 1e-6);
  });
});

Deno.test("withoutBiases() is the limit of f(r u) / r", () => {
  const sizes = [2, 8, 8, 3], theta = initialParameters(sizes, seeded(8)).map((t) => t + 0.3);
  const directions = matrix([[1, 0], [-0.6, 0.8]]), r = 1e9;
  const far = forward({ sizes, theta }, scaled(directions, r)).logits;
  forward(withoutBiases({ sizes, theta }), directions).logits.data.forEach((slope, i) =>
    assertAlmostEquals(far.data[i] / r, slope, 1e-7)
  );
});

Deno.test("predictUnder() is the mean over the draws", () => {
  const sizes = [2, 4, 3], draws = [9, 10].map((seed) => initialParameters(sizes, seeded(seed)));
  const { probabilities, samples } = predictUnder(matrix(draws), sizes, threeClasses.X);
  const [a, b] = draws.map((theta) =>
    probabilitiesOf(forward({ sizes, theta }, threeClasses.X).logits)
  );
  assertEquals(samples, [a, b]);
  probabilities.data.forEach((p, i) => assertAlmostEquals(p, (a.data[i] + b.data[i]) / 2, 1e-15));
});

Deno.test("fitNetwork() refuses bad data and options", () => {
  const random = seeded(1), ones = new Int32Array(200).fill(1);
  assertThrows(() => fitNetwork({ ...moons, labels: ones }, { random }), RangeError, "two classes");
  assertThrows(
    () => fitNetwork(threeClasses, { random }),
    RangeError,
    "labels are whole numbers from 0 to 1",
  );
  assertThrows(() => fitNetwork(moons, { random, classes: 1 }), RangeError);
  assertThrows(() => fitNetwork(moons, { random, dropout: 1 }), RangeError, "[0, 1)");
  assertThrows(() => fitNetwork(moons, { random, priorDeviation: 0 }), RangeError, "positive");
  assertThrows(() => fitNetwork(moons, { random, hidden: [0] }), RangeError, "[2,0,1]");
  assertThrows(() => fitNetwork(moons, { random, epochs: 0 }), RangeError, "epochs");
  const broken = { ...moons, X: { ...moons.X, data: moons.X.data.with(0, NaN) } };
  assertThrows(() => fitNetwork(broken, { random }), RangeError, "X[0, 0] is NaN");
});
