/**
 * The mean-field Gaussian of variational inference: q(θ) = Π_i N(θ_i | μ_i, σ_i²), with σ_i = softplus(ρ_i).
 *
 * Both halves lie in one array φ = (μ, ρ) of 2 P numbers, so that any optimiser can move them together.
 *
 * @module
 */
import { checkNumbers, checkPositive } from "../../checks.ts";
import { type Matrix, row, zeros } from "../../linear_algebra/mod.ts";
import { normals, type Random } from "../../random.ts";
import { checkDraws, type DrawOptions } from "../inference/draws.ts";
import { priorPrecisionOf } from "../inference/prior.ts";
import { sigmoid, softplus } from "../inference/predictive.ts";

/** Where the noise of an estimate of the ELBO's gradient enters: in the parameters or in the activations. */
export type Estimator = "global" | "local";

/**
 * φ = (μ, ρ) for the given means and one `deviation` for all or one for each.
 *
 * @throws {RangeError} where a deviation is not positive and finite, or they are not as many as the means.
 */
export function meanField(
  mean: ArrayLike<number>,
  deviation: number | ArrayLike<number>,
): Float64Array {
  checkNumbers("mean", mean);
  const P = mean.length, phi = new Float64Array(2 * P), one = typeof deviation === "number";
  if (!one) checkNumbers("deviation", deviation, { length: P });
  phi.set(mean);
  for (let i = 0; i < P; i++) {
    const sigma = checkPositive("deviation", one ? deviation : deviation[i]);
    phi[P + i] = sigma + Math.log(-Math.expm1(-sigma)); // softplus⁻¹, without overflow
  }
  return phi;
}

/** μ, as a view into φ. */
export function meanOf(phi: Float64Array): Float64Array {
  return phi.subarray(0, phi.length / 2);
}

/** σ = softplus(ρ). */
export function deviationOf(phi: Float64Array): Float64Array {
  return phi.slice(phi.length / 2).map(softplus);
}

/** A reparameterised draw θ = μ + σ ε with the ε ~ N(0, I) behind it. */
export function drawFrom(
  phi: Float64Array,
  random: Random,
): { theta: Float64Array; epsilon: Float64Array } {
  const mean = meanOf(phi), deviation = deviationOf(phi);
  const epsilon = normals(random, mean.length);
  return { theta: mean.map((m, i) => m + deviation[i] * epsilon[i]), epsilon };
}

/** Draws of θ, one a row (S × P). */
export function drawsFrom(phi: Float64Array, options: DrawOptions): Matrix {
  const { random, samples } = checkDraws("sample()", options);
  const draws = zeros(samples, phi.length / 2);
  for (let s = 0; s < samples; s++) row(draws, s).set(drawFrom(phi, random).theta);
  return draws;
}

/** A gradient with respect to φ from those with respect to μ and σ: dσ / dρ = sigmoid(ρ). */
export function chained(
  phi: Float64Array,
  { mean, deviation }: { mean: ArrayLike<number>; deviation: ArrayLike<number> },
): Float64Array {
  const P = phi.length / 2;
  return phi.map((rho, i) => i < P ? mean[i] : deviation[i - P] * sigmoid(rho));
}

/**
 * KL(q ‖ N(0, `priorDeviation`² I)) = Σ_i ½ (μ_i² + σ_i²) / s² − ½ − log(σ_i / s), s the prior's deviation, and its
 * gradient with respect to φ.
 */
export function divergenceFromPrior(
  phi: Float64Array,
  priorDeviation: number,
): { value: number; gradient: Float64Array } {
  const mu = meanOf(phi),
    sigma = deviationOf(phi),
    priorPrecision = priorPrecisionOf(priorDeviation);
  let value = 0;
  for (let i = 0; i < mu.length; i++) {
    value += (priorPrecision * (mu[i] ** 2 + sigma[i] ** 2) - 1) / 2 -
      Math.log(sigma[i] / priorDeviation);
  }
  const gradient = chained(phi, {
    mean: mu.map((m) => priorPrecision * m),
    deviation: sigma.map((s) => priorPrecision * s - 1 / s),
  });
  return { value, gradient };
}
