import { assertAlmostEquals, assertEquals } from "@std/assert";
import { normals, seeded } from "../../lib/random.ts";
import { tf } from "../../lib/tensorflow/mod.ts";
import { adam, type Optimizer, type Parameters, sgd } from "../../lib/training/optimizers.ts";

const STEPS = 5, SIZE = 6, RATE = 0.1, DECAY = 0.3;
const initial = normals(seeded(1), SIZE);
const gradients = Array.from({ length: STEPS }, (_, step) => normals(seeded(2 + step), SIZE));

/** The values of a matrix and a vector after five steps with the same gradients. */
function follow(optimizerOf: (parameters: Parameters) => Optimizer): Record<string, number[]> {
  const variable = (shape: number[]) =>
    tf.tidy(() => tf.variable(tf.tensor(Float32Array.from(initial), shape)));
  const parameters = new Map([["matrix", variable([2, 3])], ["vector", variable([SIZE])]]);
  const optimizer = optimizerOf(parameters);
  for (const gradient of gradients) {
    tf.tidy(() => {
      const values = Float32Array.from(gradient);
      const arrays: [string, tf.Tensor][] = [
        ["matrix", tf.tensor2d(values, [2, 3])],
        ["vector", tf.tensor1d(values)],
      ];
      optimizer.update(new Map(arrays), tf.scalar(RATE));
    });
  }
  const result = Object.fromEntries(
    [...parameters].map(([name, it]) => [name, [...it.dataSync()]]),
  );
  tf.dispose([...parameters.values(), ...optimizer.state.values()]);
  return result;
}

function assertClose(actual: number[], expected: number[]) {
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-5));
}

Deno.test("sgd() follows PyTorch's Nesterov momentum, with weight decay on matrices only", () => {
  const expected = (decay: number) =>
    Array.from(initial, (start, i) => {
      let w = start, v = 0;
      for (const gradient of gradients) {
        const g = gradient[i] + decay * w;
        v = 0.9 * v + g;
        w -= RATE * (g + 0.9 * v);
      }
      return w;
    });
  const before = tf.memory().numTensors;
  const { matrix, vector } = follow((it) => sgd(it, { momentum: 0.9, weightDecay: DECAY }));
  assertClose(matrix, expected(DECAY));
  assertClose(vector, expected(0));
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("adam() follows algorithm 1 of Kingma and Ba", () => {
  const expected = Array.from(initial, (start, i) => {
    let theta = start, m = 0, v = 0;
    gradients.forEach((gradient, step) => {
      m = 0.9 * m + 0.1 * gradient[i];
      v = 0.999 * v + 0.001 * gradient[i] ** 2;
      const mHat = m / (1 - 0.9 ** (step + 1)), vHat = v / (1 - 0.999 ** (step + 1));
      theta -= RATE * mHat / (Math.sqrt(vHat) + 1e-8);
    });
    return theta;
  });
  const { matrix, vector } = follow((it) => adam(it));
  assertClose(matrix, expected);
  assertClose(vector, expected);
});
