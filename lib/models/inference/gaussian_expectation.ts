/**
 * Expectations of the sigmoid and its relatives under a Gaussian logit a ~ N(m, s²), right at every width s.
 *
 * All by the trapezoid rule, whose error for analytic functions falls exponentially with its step (Trefethen and
 * Weideman, SIAM Review 56 (2014)). Where the Gaussian is narrow, s ≤ 1.5, its nodes are those of z = (a − m) / s.
 * Where it is wide, they lie where the sigmoid bends, |a| ≤ 38, and what is summed is the sigmoid's difference from
 * Φ(a / c), whose own expectation is closed: E Φ(a / c) = Φ(m / √(s² + c²)). The softplus, its integral, likewise.
 *
 * @module
 */
import { checkBetween, checkNumber, shown } from "../../checks.ts";
import { sigmoid, softplus } from "./predictive.ts";

const WIDE = 1.5; // s beyond which nodes follow the sigmoid
const STEP = 0.6; // of a in the wide case: an error of exp(−2π² / 0.6), 5e-15 times the size of what is summed
const C = 1.7; // Φ(a / 1.7) is near the sigmoid

/** z and normalised weights for N(0, 1), for integrands that the Gaussian decides. */
const narrow = Array.from({ length: 41 }, (_, i) => (i - 20) * 0.4).map((z) => ({
  z,
  weight: 0.4 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI),
}));

/** a and what is summed there, for integrands that the sigmoid decides. */
const wide = Array.from({ length: 129 }, (_, i) => (i - 64) * STEP).map((a) => ({
  a,
  sigmoid: sigmoid(a) - normalCdf(a / C),
  softplus: softplus(a) - smoothPositivePart(a, C),
  slope: sigmoid(a) * sigmoid(-a),
}));

/**
 * E σ(a), a ~ N(`mean`, `variance`): the exact prediction under a Gaussian logit, within 1e-11.
 *
 * @throws {RangeError} where the mean is not finite, or the variance negative or not finite.
 */
export function expectedSigmoid(mean: number, variance: number): number {
  const s = deviationOf(mean, variance);
  let sum = 0;
  if (s <= WIDE) {
    for (const { z, weight } of narrow) sum += weight * sigmoid(mean + s * z);
  } else {
    for (const node of wide) sum += density(node.a, mean, s) * node.sigmoid;
    sum = STEP * sum + normalCdf(mean / Math.hypot(s, C));
  }
  return Math.min(1, Math.max(0, sum)); // rounding may pass the ends
}

/**
 * E log(1 + e^a), a ~ N(`mean`, `variance`): the expected negative log likelihood of class 0, within 1e-11 (or of the
 * last digits, where it is larger than 1).
 *
 * @throws {RangeError} where the mean is not finite, or the variance negative or not finite.
 */
export function expectedSoftplus(mean: number, variance: number): number {
  const s = deviationOf(mean, variance);
  let sum = 0;
  if (s <= WIDE) {
    for (const { z, weight } of narrow) sum += weight * softplus(mean + s * z);
  } else {
    for (const node of wide) sum += density(node.a, mean, s) * node.softplus;
    sum = STEP * sum + smoothPositivePart(mean, Math.hypot(s, C));
  }
  return Math.max(0, sum);
}

/**
 * E σ'(a) zᵏ for k = 0, 1, 2, with a = m + s z ~ N(`mean`, `variance`): the curvature of the expected likelihood.
 *
 * @throws {RangeError} where the mean is not finite, or the variance negative or not finite.
 */
export function expectedSlopes(mean: number, variance: number): [number, number, number] {
  const s = deviationOf(mean, variance), sums: [number, number, number] = [0, 0, 0];
  const add = (value: number, z: number) => {
    sums[0] += value;
    sums[1] += value * z;
    sums[2] += value * z * z;
  };
  if (s <= WIDE) {
    for (const { z, weight } of narrow) {
      add(weight * sigmoid(mean + s * z) * sigmoid(-mean - s * z), z);
    }
  } else {
    for (const { a, slope } of wide) add(STEP * density(a, mean, s) * slope, (a - mean) / s);
  }
  return sums;
}

/** E max(0, a), a ~ N(`mean`, `deviation`²): the integral of Φ(mean / deviation). */
function smoothPositivePart(mean: number, deviation: number): number {
  return mean * normalCdf(mean / deviation) + deviation ** 2 * density(mean, 0, deviation);
}

function density(a: number, mean: number, deviation: number): number {
  const z = (a - mean) / deviation;
  return Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

function deviationOf(mean: number, variance: number): number {
  checkNumber("mean", mean);
  return Math.sqrt(
    checkBetween("variance", variance, { low: 0, high: Infinity, open: ["high"] }),
  );
}

/**
 * Φ(z) = P(Z ≤ z), Z ~ N(0, 1), to 1e-14 of the smaller tail.
 *
 * Near 0 by the Taylor series of the error function, beyond |z| = 3 by the continued fraction of the tail.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.2.11 and 26.2.14.
 *
 * @throws {RangeError} where z is not a number.
 * @example
 * ```ts
 * import { normalCdf } from "./gaussian_expectation.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(normalCdf(1.959963984540054), 0.975, 1e-14);
 * ```
 */
export function normalCdf(z: number): number {
  if (typeof z !== "number" || Number.isNaN(z)) {
    throw new RangeError(`Φ(z) is of a number z, got ${shown(z)}`);
  }
  const phi = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI), size = Math.abs(z);
  if (size < 3) {
    let term = z, sum = z;
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= z * z / k;
    return 0.5 + phi * sum;
  }
  let fraction = size;
  for (let k = 200; k >= 1; k--) fraction = size + k / fraction;
  return z > 0 ? 1 - phi / fraction : phi / fraction;
}
