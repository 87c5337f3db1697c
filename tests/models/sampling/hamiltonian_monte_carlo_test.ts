import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  cholesky,
  choleskySolve,
  column,
  identity,
  matrix,
  multiplyVector,
  row,
} from "../../../lib/linear_algebra/mod.ts";
import { bulkEffectiveSampleSize, rankNormalizedRHat } from "../../../lib/metrics/convergence.ts";
import { fitExactPosterior } from "../../../lib/models/logistic/exact_posterior.ts";
import { logPosterior } from "../../../lib/models/perceptron/network_classifier.ts";
import { sampleNuts } from "../../../lib/models/sampling/hamiltonian_monte_carlo.ts";
import { type LogDensity, positionAt, transition } from "../../../lib/models/sampling/no_u_turn.ts";
import { normals, seeded } from "../../../lib/random.ts";
import { twoClasses } from "../../reference/classification.ts";

/** N(m, A⁻¹), of scales from 0.1 to 10. */
const m = [1, -2, 30], A = matrix([[100, 4, 0], [4, 1, 0.05], [0, 0.05, 0.01]]);
const covariance = choleskySolve(cholesky(A), identity(3));
const gaussian: LogDensity = (theta) => {
  const d = theta.map((t, i) => t - m[i]), Ad = multiplyVector(A, d);
  return { value: -d.reduce((sum, di, i) => sum + di * Ad[i], 0) / 2, gradient: Ad.map((g) => -g) };
};

/** Mean of `quantity` over the draws of several chains, with its standard error. */
function estimate(chains: Float64Array[]) {
  const all = chains.flatMap((chain) => [...chain]),
    mean = all.reduce((a, b) => a + b) / all.length;
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1);
  return { mean, standardError: Math.sqrt(variance / bulkEffectiveSampleSize(chains)) };
}

Deno.test("sampleNuts() draws from a correlated Gaussian of unequal scales, by its means and covariance", () => {
  const chains = [1, 2].map((seed) => {
    const random = seeded(seed);
    return sampleNuts(gaussian, { start: normals(random, 3), random, warmup: 500, samples: 2000 });
  });
  const centred = chains.map(({ draws }) => m.map((mi, i) => column(draws, i).map((t) => t - mi)));
  for (let i = 0; i < 3; i++) {
    const location = estimate(centred.map((chain) => chain[i]));
    assert(Math.abs(location.mean) < 4 * location.standardError);
    assert(rankNormalizedRHat(centred.map((chain) => chain[i])) < 1.01);
    for (let j = 0; j <= i; j++) {
      const product = estimate(centred.map((chain) => chain[i].map((x, s) => x * chain[j][s])));
      assert(Math.abs(product.mean - row(covariance, i)[j]) < 4 * product.standardError);
    }
  }
  for (const { divergences } of chains) assertEquals(divergences, 0);
});

Deno.test("sampleNuts() agrees with the exact posterior of logistic regression", () => {
  const exact = fitExactPosterior(twoClasses, { priorDeviation: 1 });
  const chains = [3, 4].map((seed) => {
    const random = seeded(seed), sizes = [2, 1];
    const density: LogDensity = (theta) =>
      logPosterior({ sizes, theta }, twoClasses, { priorDeviation: 1 });
    return sampleNuts(density, { start: normals(random, 3), random, warmup: 300, samples: 1500 });
  });
  for (let i = 0; i < 3; i++) {
    const values = chains.map(({ draws }) => column(draws, i));
    const { mean, standardError } = estimate(values);
    assert(Math.abs(mean - exact.mean[i]) < 4 * standardError);
    const spread = estimate(values.map((chain) => chain.map((t) => (t - exact.mean[i]) ** 2)));
    assert(Math.abs(spread.mean - exact.covariance.data[4 * i]) < 4 * spread.standardError);
  }
});

Deno.test("sampleNuts() takes smaller steps for a higher target, and finds the variances of its mass matrix", () => {
  const run = (targetAcceptance: number) =>
    sampleNuts(gaussian, {
      start: Float64Array.from(m),
      random: seeded(8),
      samples: 200,
      targetAcceptance,
    });
  const [low, high] = [run(0.6), run(0.95)];
  assert(high.stepSize < low.stepSize && high.acceptance > low.acceptance);
  // 500 correlated draws are in the last window of the warm-up
  low.inverseMass.forEach((v, i) =>
    assertAlmostEquals(Math.log(v / row(covariance, i)[i]), 0, 0.5)
  );
});

Deno.test("transition() leaves a Gaussian as it is, whatever the step size", () => {
  const random = seeded(5),
    S = 4000,
    standard: LogDensity = (theta) => ({
      value: -theta.reduce((sum, t) => sum + t * t, 0) / 2,
      gradient: theta.map((t) => -t),
    });
  for (const stepSize of [0.3, 1.3]) {
    const integrator = { logDensity: standard, stepSize, inverseMass: Float64Array.of(1, 1) };
    let first = 0, second = 0, fourth = 0; // of θ₁ after one transition from an exact draw
    for (let s = 0; s < S; s++) {
      const start = positionAt(standard, normals(random, 2));
      const [x] = transition(start, integrator, random, 10).position.theta;
      first += x / S;
      second += x * x / S;
      fourth += x ** 4 / S;
    }
    assertAlmostEquals(first, 0, 4 / Math.sqrt(S));
    assertAlmostEquals(second, 1, 4 * Math.sqrt(2 / S));
    assertAlmostEquals(fourth, 3, 4 * Math.sqrt(96 / S));
  }
});

Deno.test("transition() marks a trajectory that loses the energy as divergent, and stays", () => {
  const start = positionAt(gaussian, Float64Array.from(m));
  const integrator = { logDensity: gaussian, stepSize: 100, inverseMass: Float64Array.of(1, 1, 1) };
  const { divergent, position, acceptance } = transition(start, integrator, seeded(6), 10);
  assertEquals([divergent, position.theta, acceptance], [true, start.theta, 0]);
});

Deno.test("sampleNuts() gives the same chain for the same seed, and reports every transition", () => {
  const reports: number[] = [];
  const run = () =>
    sampleNuts(gaussian, {
      start: new Float64Array(3),
      random: seeded(7),
      warmup: 30,
      samples: 10,
      onTransition: (done) => reports.push(done),
    });
  assertEquals(run().draws, run().draws);
  assertEquals(reports.slice(0, 40), [...Array(40).keys()].map((t) => t + 1));
});

Deno.test("sampleNuts() refuses bad options and starts", () => {
  const random = seeded(1), start = new Float64Array(3);
  const run = (options: object) => () => sampleNuts(gaussian, { start, random, ...options });
  assertThrows(
    run({ samples: 0 }),
    RangeError,
    "samples is a whole number of at least 1, got 0",
  );
  assertThrows(run({ warmup: 5 }), RangeError, "warmup");
  assertThrows(run({ targetAcceptance: 1 }), RangeError, "(0, 1)");
  assertThrows(
    () => sampleNuts(() => ({ value: -Infinity, gradient: start }), { start, random }),
    RangeError,
    "got -Infinity",
  );
});
