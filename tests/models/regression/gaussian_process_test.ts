import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { sineSet } from "../../../lib/data/regression.ts";
import { evenlySpaced, gaussian, polynomial } from "../../../lib/models/regression/bases.ts";
import { fitBayesianLinearRegression } from "../../../lib/models/regression/bayesian_linear_regression.ts";
import { fitGaussianProcess } from "../../../lib/models/regression/gaussian_process.ts";
import {
  limitOfGaussianBasis,
  squaredExponential,
} from "../../../lib/models/regression/kernels.ts";
import { seeded } from "../../../lib/random.ts";

const data = sineSet(seeded(4));

Deno.test("GaussianProcess with a linear model's kernel is that model", () => {
  const alpha = 2, beta = 25;
  const process = fitGaussianProcess(data, {
    kernel: (a, b) => (1 + a * b + (a * b) ** 2) / alpha,
    beta,
  });
  const model = fitBayesianLinearRegression(data, {
    basis: polynomial({ degree: 2 }),
    alpha,
    beta,
  });
  const x = [-1, 0.3, 2], ours = process.predict(x), theirs = model.predict(x);
  for (const i of x.keys()) {
    assertAlmostEquals(ours.mean[i], theirs.mean[i], 1e-11);
    assertAlmostEquals(ours.variance[i], theirs.variance[i], 1e-11);
  }
  assertAlmostEquals(process.logEvidence, model.logEvidence, 1e-10);
});

Deno.test("limitOfGaussianBasis() is the sum of all products of bumps, up to 2 exp(−π²w²/Δ²) of its height", () => {
  const width = 0.3, spacing = 0.3, alpha = 2;
  const bumps = gaussian({ centres: evenlySpaced(-6, 6, 41), width });
  const kernel = limitOfGaussianBasis({ width, spacing, alpha });
  const bound = 2 * Math.exp(-((Math.PI * width / spacing) ** 2)) * kernel(0, 0);
  const errors = evenlySpaced(-0.4, 0.5, 50).map((a) => {
    const sum = bumps.reduce((total, phi) => total + phi(a) * phi(0.1), 0) / alpha;
    return Math.abs(sum - kernel(a, 0.1));
  });
  assert(Math.max(...errors) < 1.001 * bound && Math.max(...errors) > bound / 2);
});

Deno.test("limitOfGaussianBasis() is what ever denser and wider rows of bumps come to", () => {
  const width = 0.2, alpha = 1, beta = 25, x = [-0.5, 0.3, 1.4];
  const differences = [0.4, 0.2, 0.1].map((spacing) => {
    const count = Math.round(8 / spacing) + 1;
    const basis = gaussian({ centres: evenlySpaced(-3.5, 4.5, count), width });
    const model = fitBayesianLinearRegression(data, { basis, alpha, beta }).predict(x);
    const process = fitGaussianProcess(data, {
      kernel: limitOfGaussianBasis({ width, spacing, alpha }),
      beta,
    }).predict(x);
    return Math.max(...x.map((_, i) => Math.abs(process.variance[i] / model.variance[i] - 1)));
  });
  assert(differences[0] > 10 * differences[1] && differences[1] > 10 * differences[2]);
  assert(differences[2] < 1e-12);
});

Deno.test("GaussianProcess returns to its prior far away, the Gaussian basis to the noise alone", () => {
  const kernel = squaredExponential({ variance: 0.7, length: 0.2 });
  const process = fitGaussianProcess(data, { kernel, beta: 25 });
  assertAlmostEquals(process.predict([50]).variance[0], 0.7 + 1 / 25, 1e-15);
  const basis = gaussian({ centres: evenlySpaced(0, 1, 9), width: 1 / 9 });
  const model = fitBayesianLinearRegression(data, { basis, alpha: 2, beta: 25 });
  assertAlmostEquals(model.predict([50]).variance[0], 1 / 25, 1e-15);
});

Deno.test("GaussianProcess refuses bad input in words", () => {
  const kernel = squaredExponential({ variance: 1, length: 1 });
  const make = (x: number[], y: number[], beta = 1) => () =>
    fitGaussianProcess({ x, y }, { kernel, beta });
  assertThrows(make([1], [1], 0), RangeError, "beta, the noise precision");
  assertThrows(make([1, 2], [1]), RangeError, "2 inputs and 1 targets");
  assertThrows(make([NaN], [1]), RangeError, "x holds finite numbers");
  assertThrows(make([1], [NaN]), RangeError, "y holds finite numbers");
  assertThrows(() => squaredExponential({ variance: 0, length: 1 }), RangeError, "variance");
  assertThrows(() => squaredExponential({ variance: 1, length: -1 }), RangeError, "length");
});
