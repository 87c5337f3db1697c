import { assertAlmostEquals, assertThrows } from "@std/assert";
import {
  expectedSigmoid,
  expectedSlopes,
  expectedSoftplus,
  normalCdf,
} from "../../../lib/models/inference/gaussian_expectation.ts";
import { sigmoid } from "../../../lib/models/inference/predictive.ts";
import reference from "../../reference/gaussian_expectation.json" with { type: "json" };

Deno.test("expectations under a Gaussian logit agree with mpmath, from narrow to wide", () => {
  for (const { mean, deviation, ...exact } of reference) {
    const variance = deviation ** 2;
    assertAlmostEquals(expectedSigmoid(mean, variance), exact.sigmoid, 1e-11);
    assertAlmostEquals(
      expectedSoftplus(mean, variance),
      exact.softplus,
      1e-11 * Math.max(1, exact.softplus),
    );
    expectedSlopes(mean, variance).forEach((value, k) =>
      assertAlmostEquals(value, exact.slopes[k], 1e-11)
    );
  }
});

Deno.test("expectedSigmoid() agrees with a fine sum at every width", () => {
  for (
    const [mean, variance] of [[0.3, 0], [1, 0.01], [-2, 4], [3, 400], [-50, 1e4], [-200, 9.1e4], [
      1e4,
      1e8,
    ]]
  ) {
    const s = Math.sqrt(variance), h = s > 1 ? 0.1 / s : 0.1;
    let sum = 0;
    for (let z = -9; z <= 9; z += h) {
      sum += h * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * sigmoid(mean + s * z);
    }
    assertAlmostEquals(expectedSigmoid(mean, variance), sum, 1e-9);
    assertAlmostEquals(
      expectedSigmoid(-mean, variance),
      1 - expectedSigmoid(mean, variance),
      1e-12,
    );
  }
});

Deno.test("expectedSigmoid() refuses what has no value", () => {
  for (const [mean, variance] of [[NaN, 1], [0, -1], [0, NaN], [0, Infinity]]) {
    assertThrows(() => expectedSigmoid(mean, variance), RangeError, "finite number");
  }
});

Deno.test("normalCdf() agrees with scipy.stats.norm.cdf", () => {
  // python -c "from scipy.stats import norm; print([norm.cdf(z) for z in [-30, -5, -3, -2.9, -0.5, 0, 1, 3.5]])"
  const values = [
    [-30, 4.906713927148187e-198],
    [-5, 2.866515718791933e-7],
    [-3, 0.0013498980316300933],
    [-2.9, 0.0018658133003840375],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [1, 0.8413447460685429],
    [3.5, 0.9997673709209645],
  ];
  for (const [z, p] of values) assertAlmostEquals(normalCdf(z) / p, 1, 1e-11);
});
