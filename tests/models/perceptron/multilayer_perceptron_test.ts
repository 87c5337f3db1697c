import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { dot, matrix, row } from "../../../lib/linear_algebra/mod.ts";
import {
  backward,
  forward,
  initialParameters,
  layersOf,
  parameterCount,
} from "../../../lib/models/perceptron/multilayer_perceptron.ts";
import { normals, seeded } from "../../../lib/random.ts";

const X = matrix([[0.5, -1], [2, 0.25], [-0.75, 1.5]]);

Deno.test("forward() is W₂ max(W₁ x + b₁, 0) + b₂ in PyTorch's order of the parameters", () => {
  const theta = Float64Array.of(1, 2, -3, 0.5, 0.25, -0.5, 2, -1, 10); // W₁ by rows, b₁, W₂, b₂
  const { logits } = forward({ sizes: [2, 2, 1], theta }, X);
  const expected = [...Array(3).keys()].map((n) => {
    const [x, y] = row(X, n);
    return 2 * Math.max(x + 2 * y + 0.25, 0) - Math.max(-3 * x + 0.5 * y - 0.5, 0) + 10;
  });
  assertEquals([...logits.data], expected);
});

for (const sizes of [[2, 1], [2, 7, 1], [2, 5, 3], [2, 6, 4, 3]]) {
  Deno.test(`backward() is the gradient of forward() by finite differences, sizes [${sizes}]`, () => {
    const random = seeded(1), theta = normals(random, parameterCount(sizes)), h = 1e-6;
    const K = sizes.at(-1)!, U = { rows: 3, columns: K, data: normals(random, 3 * K) };
    const gradient = backward({ sizes, theta }, forward({ sizes, theta }, X), U);
    theta.forEach((value, i) => {
      const at = (t: number) =>
        dot(forward({ sizes, theta: theta.with(i, t) }, X).logits.data, U.data);
      assertAlmostEquals(gradient[i], (at(value + h) - at(value - h)) / (2 * h), 1e-7);
    });
  });
}

Deno.test("backward() differentiates through the dropout masks of its forward pass", () => {
  const sizes = [2, 20, 1], theta = normals(seeded(2), parameterCount(sizes)), h = 1e-6;
  const dropped = (values: Float64Array) =>
    forward({ sizes, theta: values }, X, { dropout: { probability: 0.5, random: seeded(3) } });
  const U = { rows: 3, columns: 1, data: Float64Array.of(1, -2, 0.5) };
  const gradient = backward({ sizes, theta }, dropped(theta), U);
  theta.forEach((value, i) => {
    const at = (t: number) => dot(dropped(theta.with(i, t)).logits.data, U.data);
    assertAlmostEquals(gradient[i], (at(value + h) - at(value - h)) / (2 * h), 1e-7);
  });
});

Deno.test("dropout keeps the expected logits of one hidden layer, and p = 0 changes nothing", () => {
  const sizes = [2, 30, 1], theta = initialParameters(sizes, seeded(4)), random = seeded(5);
  const whole = forward({ sizes, theta }, X).logits.data;
  assertEquals(
    forward({ sizes, theta }, X, { dropout: { probability: 0, random } }).logits.data,
    whole,
  );
  const S = 20_000, sums = new Float64Array(3), squares = new Float64Array(3);
  for (let s = 0; s < S; s++) {
    forward({ sizes, theta }, X, { dropout: { probability: 0.2, random } }).logits.data
      .forEach((a, n) => {
        sums[n] += a / S;
        squares[n] += a * a / S;
      });
  }
  whole.forEach((a, n) => {
    const standardError = Math.sqrt((squares[n] - sums[n] ** 2) / S);
    assert(Math.abs(sums[n] - a) < 4 * standardError);
  });
});

Deno.test("initialParameters() draws He's weights and no biases", () => {
  const sizes = [2, 5000, 1], theta = initialParameters(sizes, seeded(6));
  const [first, last] = layersOf(sizes);
  const weights = theta.subarray(last.weights, last.bias);
  assertAlmostEquals(dot(weights, weights), 2, 4 * 2 * Math.sqrt(2 / 5000)); // Σ w² has mean 2, deviation 2 √(2 / 5000)
  assert(theta.subarray(first.bias, last.weights).every((b) => b === 0));
  assertEquals(parameterCount([2, 50, 1]), 201);
});

Deno.test("a network refuses shapes and dropout that it cannot use", () => {
  const sizes = [2, 3, 1], theta = new Float64Array(parameterCount(sizes)), random = seeded(1);
  assertThrows(() => layersOf([2]), RangeError, "[2]");
  assertThrows(() => layersOf([2, 0, 1]), RangeError, "[2,0,1]");
  assertThrows(() => forward({ sizes, theta: theta.slice(1) }, X), RangeError, "13 parameters");
  assertThrows(() => forward({ sizes, theta }, matrix([[1]])), RangeError, "1 × 1");
  for (const probability of [-0.1, 1, NaN]) {
    assertThrows(
      () => forward({ sizes, theta }, X, { dropout: { probability, random } }),
      RangeError,
      "[0, 1)",
    );
  }
});
