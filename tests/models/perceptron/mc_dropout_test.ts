import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { type Matrix, matrix } from "../../../lib/linear_algebra/mod.ts";
import { probabilitiesOf, sigmoid } from "../../../lib/models/inference/predictive.ts";
import {
  fitDropoutNetwork,
  predictStochastic,
  predictWithDropout,
} from "../../../lib/models/perceptron/mc_dropout.ts";
import { forward } from "../../../lib/models/perceptron/multilayer_perceptron.ts";
import { fitNetwork } from "../../../lib/models/perceptron/network_classifier.ts";
import { normals, seeded } from "../../../lib/random.ts";

const moons = twoMoons(seeded(1), { points: 100, noise: 0.2 });
const network = fitDropoutNetwork(moons, { random: seeded(2), epochs: 20 });

Deno.test("predictWithDropout() with p = 0 is the network", () => {
  const options = { random: seeded(3), dropout: 0, samples: 1 };
  const { probabilities } = predictWithDropout(network, moons.X, options);
  assertEquals(probabilities, probabilitiesOf(forward(network, moons.X).logits));
});

Deno.test("fitDropoutNetwork() is fitNetwork() with dropout, which stays on in predictions", () => {
  const fitted = fitNetwork(moons, { random: seeded(2), epochs: 20, dropout: 0.2 });
  assertEquals(network.theta, fitted.theta);
  const { samples } = network.predict(moons.X, { random: seeded(9), samples: 2 });
  assert(samples![0].data.some((p, i) => p !== samples![1].data[i]));
});

Deno.test("MC dropout gives the same predictions for the same seed", () => {
  const predict = () => network.predict(moons.X, { random: seeded(4), samples: 5 });
  assertEquals(predict(), predict());
});

Deno.test("MC dropout of one hidden unit tends to the sum over its two masks", () => {
  const tiny = { sizes: [1, 1, 1], theta: Float64Array.of(2, 0, 1.5, -1) },
    dropout = 0.3,
    S = 20_000;
  const options = { random: seeded(5), dropout, samples: S };
  const { probabilities } = predictWithDropout(tiny, matrix([[1]]), options);
  const [off, on] = [sigmoid(-1), sigmoid(1.5 * 2 / (1 - dropout) - 1)];
  const exact = dropout * off + (1 - dropout) * on;
  const standardError = (on - off) * Math.sqrt(dropout * (1 - dropout) / S);
  assertAlmostEquals(probabilities.data[1], exact, 4 * standardError);
});

Deno.test("predictStochastic() takes any network with random outputs", () => {
  const random = seeded(6), S = 4000;
  const gaussian = (X: Matrix) => ({ ...X, columns: 1, data: normals(random, X.rows) });
  const { probabilities, samples } = predictStochastic(gaussian, matrix([[0]]), { samples: S });
  assertEquals(samples!.length, S);
  assertAlmostEquals(probabilities.data[1], 0.5, 4 * 0.21 / Math.sqrt(S)); // deviation of σ(z), z ~ N(0, 1)
});

Deno.test("predictStochastic() takes a TensorFlow.js model, whose masks it averages over", async () => {
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
  const { probabilities, samples } = predictStochastic(logits, moons.X, { samples: 10 });
  assertEquals(tf.memory().numTensors, before);
  assertEquals([probabilities.rows, probabilities.columns, samples!.length], [100, 3, 10]);
  const [a, b] = [logits(moons.X), logits(moons.X)];
  assert(a.data.some((value, i) => value !== b.data[i]));
  model.dispose();
});

Deno.test("MC dropout refuses bad probabilities, sample counts and networks", () => {
  const random = seeded(1), X = matrix([[0, 0]]);
  for (const dropout of [-0.1, 1, 1.2, NaN]) {
    assertThrows(() => predictWithDropout(network, X, { random, dropout }), RangeError, "[0, 1)");
  }
  for (const samples of [0, -1, 2.5, NaN]) {
    assertThrows(() => network.predict(X, { random, samples }), RangeError, `got ${samples}`);
  }
  assertThrows(() => predictStochastic(() => matrix([[1], [2]]), X), RangeError, "2 × 1");
  const infinite = () => ({ rows: 1, columns: 1, data: Float64Array.of(Infinity) });
  assertThrows(() => predictStochastic(infinite, X), RangeError, "finite logits");
});
