/**
 * Two interleaved half circles: the smallest problem that no straight line can solve.
 *
 * ```ts ignore
 * const train = twoMoons(seeded(1), { noise: 0.2 });
 * const truth = twoMoonsProbability(grid, { noise: 0.2 });
 * ```
 *
 * @module
 */
import { checkBetween, checkOptions, checkWhole } from "../checks.ts";
import { type Matrix, zeros } from "../linear_algebra/mod.ts";
import { normals, permutation, type Random } from "../random.ts";
import { checkInputs, type Labelled } from "./labelled.ts";

/** What a set of two moons is made of. */
export interface TwoMoonsOptions {
  /** How many points there are, half of them in each class; at least 2. */
  points?: number;
  /** Standard deviation of the Gaussian noise on both coordinates; at least 0. */
  noise?: number;
}

/**
 * `points` (x₁, x₂) in random order: class 0 on the upper half circle (cos t, sin t), class 1 on the lower one
 * (1 − cos t, ½ − sin t), with t evenly spaced on [0, π] and N(0, `noise`²) added to both coordinates.
 *
 * @throws {RangeError} where `points` is no even whole number of at least 2, or `noise` is negative or not finite.
 * Source: scikit-learn, `make_moons`.
 */
export function twoMoons(random: Random, options: TwoMoonsOptions = {}): Labelled {
  const { points, noise, centres } = moons(options);
  const errors = normals(random, 2 * points, { deviation: noise });
  const order = permutation(random, points);
  const X = zeros(points, 2), labels = new Int32Array(points);
  order.forEach((source, i) => {
    labels[i] = source < points / 2 ? 0 : 1;
    for (let d = 0; d < 2; d++) {
      X.data[2 * i + d] = centres[2 * source + d] + errors[2 * i + d];
    }
  });
  return { X, labels };
}

/**
 * p(class 1 | x) of the process that `twoMoons()` draws from, for each row of `X` (N × 2): no classifier can do better.
 *
 * Both classes are mixtures of `points` / 2 Gaussians with standard deviation `noise`, so this is Bayes' rule.
 *
 * @throws {RangeError} where `noise` is not positive.
 */
export function twoMoonsProbability(X: Matrix, options: TwoMoonsOptions = {}): Float64Array {
  const { points, noise, centres } = moons(options);
  checkInputs(X, { columns: 2 });
  if (noise === 0) throw new RangeError("Without noise the classes have no densities");
  return Float64Array.from({ length: X.rows }, (_, n) => {
    const exponents = Float64Array.from({ length: points }, (_, i) => {
      const dx = X.data[2 * n] - centres[2 * i], dy = X.data[2 * n + 1] - centres[2 * i + 1];
      return -(dx * dx + dy * dy) / (2 * noise * noise);
    });
    const largest = exponents.reduce((a, b) => Math.max(a, b));
    const density = [0, 0];
    exponents.forEach((e, i) => density[i < points / 2 ? 0 : 1] += Math.exp(e - largest));
    return density[1] / (density[0] + density[1]);
  });
}

function moons(options: TwoMoonsOptions) {
  const { points = 1000, noise = 0.1 } = checkOptions("twoMoons()", options, ["points", "noise"]);
  checkWhole("points", points, { least: 2 });
  if (points % 2 !== 0) {
    throw new RangeError(`points of two moons are an even number, half in each, got ${points}`);
  }
  checkBetween("noise", noise, { low: 0, high: Infinity, open: ["high"] });
  const half = points / 2, centres = new Float64Array(2 * points);
  for (let i = 0; i < half; i++) {
    const t = half === 1 ? 0 : Math.PI * i / (half - 1);
    centres.set([Math.cos(t), Math.sin(t)], 2 * i);
    centres.set([1 - Math.cos(t), 0.5 - Math.sin(t)], 2 * (half + i));
  }
  return { points, noise, centres };
}
