/**
 * Expectations of functions of one Gaussian variable, by quadrature.
 *
 * @module
 */
import { symmetricEigen, zeros } from "../../linear_algebra/mod.ts";
import { sigmoid } from "./predictive.ts";

/** Nodes z_i and weights w_i with E f(z) ≈ Σ w_i f(z_i), z ~ N(0, 1). */
export interface Quadrature {
  /** The points at which the function is evaluated. */
  readonly nodes: Float64Array;
  /** The weight of each. */
  readonly weights: Float64Array;
}

/**
 * Gauss–Hermite quadrature for N(0, 1) with `count` nodes, exact for polynomials of degree 2 `count` − 1.
 *
 * The nodes are the eigenvalues of the Jacobi matrix with √1, √2, … beside its diagonal, the weights the squares of its
 * eigenvectors' first entries.
 *
 * @throws {RangeError} where `count` is not a whole number of at least 1.
 * Source: Golub and Welsch, Mathematics of Computation 23 (1969).
 * @example
 * ```ts
 * import { gaussHermite } from "./gaussian_expectation.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { nodes, weights } = gaussHermite(5);
 * assertAlmostEquals(nodes.reduce((sum, z, i) => sum + weights[i] * z ** 4, 0), 3, 1e-12);
 * ```
 */
export function gaussHermite(count: number): Quadrature {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`A quadrature has a whole number of nodes, at least 1, got ${count}`);
  }
  const jacobi = zeros(count, count);
  for (let i = 1; i < count; i++) {
    jacobi.data[i * count + i - 1] = jacobi.data[(i - 1) * count + i] = Math.sqrt(i);
  }
  const { values: nodes, vectors } = symmetricEigen(jacobi);
  const weights = vectors.data.slice(0, count).map((v) => v * v);
  return { nodes, weights };
}

/**
 * E σ(a), a ~ N(`mean`, `variance`): the exact prediction under a Gaussian logit, within 1e-10.
 *
 * By the trapezoid rule in z = (a − mean) / s, s = √variance. The sigmoid's poles, π / s from the real axis, make its
 * error fall as exp(−2π² / (s h)) with the step h, so that the step is chosen for 1e-11 at every variance. Beyond s = 300,
 * where the sigmoid is all but a step, Φ(m / s) − (π² / 6) (m / s³) φ(m / s), whose next term is of order s⁻⁴.
 *
 * @throws {RangeError} where the mean is NaN or the variance negative or not finite.
 * Source: Trefethen and Weideman, SIAM Review 56 (2014).
 */
export function expectedSigmoid(mean: number, variance: number): number {
  if (Number.isNaN(mean) || !(variance >= 0) || variance === Infinity) {
    throw new RangeError(
      `A Gaussian logit has a mean and a finite variance of at least 0, got ${mean} and ${variance}`,
    );
  }
  const s = Math.sqrt(variance);
  if (s > 300) {
    const z = mean / s, density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    return normalCdf(z) - Math.PI ** 2 / 6 * z * density / variance;
  }
  const h = Math.min(0.5, 0.75 / s), last = Math.ceil(7 / h);
  let sum = 0, mass = 0;
  for (let i = -last; i <= last; i++) {
    const z = i * h, weight = Math.exp(-z * z / 2);
    sum += weight * sigmoid(mean + s * z);
    mass += weight;
  }
  return sum / mass;
}

/**
 * Φ(z) = P(Z ≤ z), Z ~ N(0, 1), to 1e-14 of the smaller tail.
 *
 * Near 0 by the Taylor series of the error function, beyond |z| = 3 by the continued fraction of the tail.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.2.11 and 26.2.14.
 * @example
 * ```ts
 * import { normalCdf } from "./gaussian_expectation.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(normalCdf(1.959963984540054), 0.975, 1e-14);
 * ```
 */
export function normalCdf(z: number): number {
  const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI), size = Math.abs(z);
  if (size < 3) {
    let term = z, sum = z;
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= z * z / k;
    return 0.5 + density * sum;
  }
  let fraction = size;
  for (let k = 200; k >= 1; k--) fraction = size + k / fraction;
  return z > 0 ? 1 - density / fraction : density / fraction;
}
