import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { matrix, multiply, svd } from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";
import { tf } from "../../lib/tensorflow/mod.ts";
import {
  adam,
  muon,
  nesterov,
  type Optimizer,
  orthogonalized,
  type Parameters,
} from "../../lib/training/optimizers.ts";

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

Deno.test("nesterov() follows PyTorch's Nesterov momentum, with weight decay on matrices only", () => {
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
  const { matrix, vector } = follow((it) => nesterov(it, { momentum: 0.9, weightDecay: DECAY }));
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

Deno.test("orthogonalized() keeps the singular vectors and follows the polynomial on the values", () => {
  // A matrix with known factors: rotations of a diagonal.
  const [s, t] = [3, 0.6], [p, q] = [0.3, 1.1];
  const rotation = (angle: number) =>
    matrix([[Math.cos(angle), -Math.sin(angle)], [Math.sin(angle), Math.cos(angle)]]);
  const of = (a: number, b: number) =>
    multiply(multiply(rotation(p), matrix([[a, 0], [0, b]])), rotation(q));
  const step = (x: number) => 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
  const after = (x: number) => step(step(step(x / Math.hypot(s, t))));
  const result = tf.tidy(() => [
    ...orthogonalized(tf.tensor2d(Float32Array.from(of(s, t).data), [2, 2])).dataSync(),
  ]);
  assertClose(result, [...of(after(s), after(t)).data]);
});

Deno.test("orthogonalized() gives tall and wide matrices singular values near 1", () => {
  for (const [rows, columns] of [[45, 8], [6, 40]]) {
    const values = Float32Array.from(normals(seeded(3), rows * columns));
    const [result, transposed] = tf.tidy(() => {
      const A = tf.tensor2d(values, [rows, columns]);
      return [orthogonalized(A).dataSync(), orthogonalized(A.transpose()).transpose().dataSync()];
    });
    assertClose([...transposed], [...result]);
    const { s } = svd({ rows, columns, data: Float64Array.from(result) });
    assert(s.every((it) => it > 0.5 && it < 1.25), `${s}`);
  }
});

Deno.test("muon() moves filters by filterRate η of their length, which it keeps, and all else as nesterov()", () => {
  const random = seeded(6), shape = { filter: [3, 3, 2, 4], point: [1, 1, 2, 4], bias: [4] };
  const values = Object.entries(shape).map(([name, it]) =>
    [name, it, Float32Array.from(normals(random, it.reduce((a, b) => a * b)))] as const
  );
  const run = (optimizerOf: (it: Parameters) => Optimizer) => {
    const parameters = new Map(
      values.map((
        [name, shape, it],
      ) => [name, tf.tidy(() => tf.variable(tf.tensor(it, [...shape])))]),
    );
    const optimizer = optimizerOf(parameters);
    tf.tidy(() => {
      const gradients = new Map(
        values.map(([name, shape, it]) => [name, tf.tensor(it.map(Math.sin), [...shape])]),
      );
      optimizer.update(gradients, tf.scalar(RATE));
    });
    const result = Object.fromEntries(
      [...parameters].map(([name, it]) => [name, [...it.dataSync()]]),
    );
    tf.dispose([...parameters.values(), ...optimizer.state.values()]);
    return result;
  };
  const before = tf.memory().numTensors;
  const options = { momentum: 0.9, weightDecay: DECAY };
  const ours = run((it) => muon(it, { ...options, filterRate: 0.5 }));
  const theirs = run((it) => nesterov(it, options));
  assertEquals([ours.point, ours.bias], [theirs.point, theirs.bias]);
  assertAlmostEquals(Math.hypot(...ours.filter), 2, 1e-5);
  // The first velocity is the gradient, so that the step is along 1.9 of it.
  const start = values[0][2],
    direction = tf.tidy(() => [
      ...orthogonalized(tf.tensor2d(start.map((it) => Math.sin(it) * 1.9), [18, 4])).dataSync(),
    ]);
  const moved = [...start].map((w, i) => w - RATE * 0.5 * direction[i]);
  assertClose(ours.filter, moved.map((w) => 2 * w / Math.hypot(...moved)));
  assertEquals(tf.memory().numTensors, before);
});
