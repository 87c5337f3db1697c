import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  adam,
  heavyBall,
  minibatches,
  minimize,
} from "../../../lib/models/perceptron/optimizers.ts";
import { seeded } from "../../../lib/random.ts";

Deno.test("heavyBall() with momentum moves as PyTorch's: v ← μ v + g, θ ← θ − η v", () => {
  const step = heavyBall({ learningRate: 0.1, momentum: 0.9 }), theta = Float64Array.of(1);
  step(theta, [2]);
  assertAlmostEquals(theta[0], 0.8, 1e-15);
  step(theta, [1]);
  assertAlmostEquals(theta[0], 0.8 - 0.1 * (0.9 * 2 + 1), 1e-15);
});

Deno.test("adam() takes a first step of the learning rate, against the gradient's sign", () => {
  const theta = Float64Array.of(1, 1);
  adam({ learningRate: 0.01, epsilon: 0 })(theta, [1e-6, -1e6]);
  assertAlmostEquals(theta[0], 0.99, 1e-12);
  assertAlmostEquals(theta[1], 1.01, 1e-12);
});

Deno.test("adam() follows algorithm 1 of Kingma and Ba over two steps", () => {
  const theta = Float64Array.of(0), step = adam({ learningRate: 0.1, epsilon: 1e-8 });
  step(theta, [1]);
  const first = theta[0];
  step(theta, [3]);
  const m = (0.9 * 0.1 * 1 + 0.1 * 3) / (1 - 0.9 ** 2);
  const v = (0.999 * 0.001 * 1 + 0.001 * 9) / (1 - 0.999 ** 2);
  assertAlmostEquals(theta[0] - first, -0.1 * m / (Math.sqrt(v) + 1e-8), 1e-12);
});

Deno.test("minibatches() visits every point once", () => {
  const batches = [...minibatches(seeded(1), 10, 4)];
  assertEquals(batches.map((batch) => batch.length), [4, 4, 2]);
  assertEquals(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b), [...Array(10).keys()]);
});

Deno.test("minimize() finds the minimum of a quadratic", () => {
  const parameters = Float64Array.of(5, -3);
  minimize(() => ({
    value: (parameters[0] - 1) ** 2 + 10 * (parameters[1] - 2) ** 2,
    gradient: [2 * (parameters[0] - 1), 20 * (parameters[1] - 2)],
  }), {
    parameters,
    count: 1,
    epochs: 500,
    batchSize: 1,
    optimizer: heavyBall({ learningRate: 0.05, momentum: 0 }),
    random: seeded(1),
  });
  assertAlmostEquals(parameters[0], 1, 1e-9);
  assertAlmostEquals(parameters[1], 2, 1e-9);
});

Deno.test("optimisers refuse settings out of range, and say when training diverges", () => {
  assertThrows(() => heavyBall({ learningRate: 0 }), RangeError, "got 0");
  assertThrows(() => heavyBall({ momentum: 1 }), RangeError, "momentum lies in [0, 1)");
  assertThrows(() => adam({ learningRate: NaN }), RangeError, "NaN");
  assertThrows(() => [...minibatches(seeded(1), 3, 0)], RangeError, "batchSize");
  const settings = {
    parameters: Float64Array.of(0),
    count: 1,
    batchSize: 1,
    optimizer: heavyBall(),
    random: seeded(1),
  };
  const broken = () => ({ value: NaN, gradient: [0] });
  assertThrows(
    () => minimize(broken, { ...settings, epochs: 1 }),
    RangeError,
    "diverged in epoch 1",
  );
  assertThrows(() => minimize(broken, { ...settings, epochs: 0 }), RangeError, "epochs");
});
