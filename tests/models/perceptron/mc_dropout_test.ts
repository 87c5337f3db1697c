import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { type Matrix, matrix } from "../../../lib/linear_algebra/mod.ts";
import { MCDropout, mcDropout } from "../../../lib/models/perceptron/mc_dropout.ts";
import { fitNetwork } from "../../../lib/models/perceptron/network_classifier.ts";
import { sigmoid } from "../../../lib/models/inference/predictive.ts";
import { normals, seeded } from "../../../lib/random.ts";

const moons = twoMoons(seeded(1), { points: 100, noise: 0.2 });
const network = fitNetwork(moons, { random: seeded(2), epochs: 20, dropout: 0.2 });

Deno.test("mcDropout() with p = 0 is the network", () => {
  const { probabilities } = mcDropout(network, { random: seeded(3), probability: 0, samples: 1 })
    .predict(moons.X);
  assertEquals(probabilities, network.predict(moons.X).probabilities);
});

Deno.test("mcDropout() gives the same predictions for the same seed", () => {
  const predict = () => mcDropout(network, { random: seeded(4), samples: 5 }).predict(moons.X);
  assertEquals(predict(), predict());
});

Deno.test("mcDropout() of one hidden unit tends to the sum over its two masks", () => {
  const tiny = { sizes: [1, 1, 1], theta: Float64Array.of(2, 0, 1.5, -1) },
    probability = 0.3,
    S = 20_000;
  const { probabilities } = mcDropout(tiny, { random: seeded(5), probability, samples: S })
    .predict(matrix([[1]]));
  const [off, on] = [sigmoid(-1), sigmoid(1.5 * 2 / (1 - probability) - 1)];
  const exact = probability * off + (1 - probability) * on;
  const standardError = (on - off) * Math.sqrt(probability * (1 - probability) / S);
  assertAlmostEquals(probabilities.data[1], exact, 4 * standardError);
});

Deno.test("MCDropout takes any stochastic network", () => {
  const random = seeded(6), S = 4000;
  const gaussian = new MCDropout((X) => ({ ...X, columns: 1, data: normals(random, X.rows) }), {
    samples: S,
  });
  const { probabilities, samples } = gaussian.predict(matrix([[0]]));
  assertEquals(samples!.length, S);
  assertAlmostEquals(probabilities.data[1], 0.5, 4 * 0.21 / Math.sqrt(S)); // deviation of σ(z), z ~ N(0, 1)
});

Deno.test("MCDropout takes a TensorFlow.js model, whose masks it averages over", async () => {
  await tf.setBackend("cpu");
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 16,
        activation: "relu",
        inputShape: [2],
        kernelInitializer: "ones",
      }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 3, kernelInitializer: "ones" }),
    ],
  });
  const logits = (X: Matrix) =>
    matrix(tf.tidy(() => {
      const inputs = tf.tensor2d(Float32Array.from(X.data), [X.rows, X.columns]);
      return (model.apply(inputs, { training: true }) as tf.Tensor2D).arraySync();
    }));
  const before = tf.memory().numTensors;
  const { probabilities, samples } = new MCDropout(logits, { samples: 10 }).predict(moons.X);
  assertEquals(tf.memory().numTensors, before);
  assertEquals([probabilities.rows, probabilities.columns, samples!.length], [100, 3, 10]);
  const [a, b] = [logits(moons.X), logits(moons.X)];
  assert(a.data.some((value, i) => value !== b.data[i]));
  model.dispose();
});

Deno.test("MC dropout refuses bad probabilities, sample counts and networks", () => {
  const random = seeded(1);
  for (const probability of [-0.1, 1, 1.2, NaN]) {
    assertThrows(() => mcDropout(network, { random, probability }), RangeError, "[0, 1)");
  }
  for (const samples of [0, -1, 2.5, NaN]) {
    assertThrows(() => mcDropout(network, { random, samples }), RangeError, `got ${samples}`);
  }
  const X = matrix([[0, 0]]);
  assertThrows(() => new MCDropout(() => matrix([[1], [2]])).predict(X), RangeError, "2 × 1");
  const infinite = new MCDropout(() => ({ rows: 1, columns: 1, data: Float64Array.of(Infinity) }));
  assertThrows(() => infinite.predict(X), RangeError, "finite logits");
});
