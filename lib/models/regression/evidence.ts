/**
 * Type-II maximum likelihood for Bayesian linear regression.
 *
 * @module
 */
import { dot, multiplyVector, svd, transpose, vector } from "../../linear_algebra/mod.ts";
import { type Basis, designMatrix } from "./bases.ts";
import type { RegressionData } from "./bayesian_linear_regression.ts";

/** The maximum of the evidence over alpha and beta. */
export interface EvidenceMaximum {
  /** The precision of the prior. */
  readonly alpha: number;
  /** The precision of the noise. */
  readonly beta: number;
  /** The effective number of parameters, Σ s² / (s² + alpha/beta) over the singular values s of Φ. */
  readonly gamma: number;
  /** log p(y | x, alpha, beta) at the maximum, in nats. */
  readonly logEvidence: number;
}

/**
 * The alpha and beta that maximise the evidence p(y | x, alpha, beta).
 *
 * For a fixed ratio λ = alpha/beta the best beta is N / J(λ) with J = ‖y − Φm‖² + λ‖m‖², so the search is over one
 * number. Its derivative in log λ is (γ − N λ‖m‖²/J) / 2: a zero of it is MacKay's fixed point alpha = γ/‖m‖²,
 * and the highest of all is found by bisection from a grid, from no starting point.
 *
 * MacKay, Bayesian Interpolation (1992); Bishop, Pattern Recognition and Machine Learning, section 3.5.
 *
 * @throws {RangeError} where the evidence has no maximum: the data show no signal, or no noise.
 * @example
 * ```ts
 * import { polynomial } from "./bases.ts";
 * import { fitBayesianLinearRegression } from "./bayesian_linear_regression.ts";
 * import { maximizeEvidence } from "./evidence.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const basis = polynomial({ degree: 1 }), data = { x: [0, 1, 2, 3], y: [0.1, 0.9, 2.1, 2.9] };
 * const { alpha, beta, logEvidence } = maximizeEvidence(data, { basis });
 * const model = fitBayesianLinearRegression(data, { basis, alpha, beta });
 * assertAlmostEquals(model.logEvidence, logEvidence);
 * ```
 */
export function maximizeEvidence<Input>(
  { x, y }: RegressionData<Input>,
  { basis }: { basis: Basis<Input> },
): EvidenceMaximum {
  const N = x.length;
  if (y.length !== N || N === 0) {
    throw new RangeError(`The evidence needs N inputs and N targets, got ${N} and ${y.length}`);
  }
  const targets = vector(y, "y"), { U, s } = svd(designMatrix(basis, x));
  const z = multiplyVector(transpose(U), targets), projected = multiplyVector(U, z);
  const residual = targets.map((t, i) => t - projected[i]);
  const rest = dot(residual, residual);

  const at = (logLambda: number) => {
    const lambda = Math.exp(logLambda);
    let gamma = 0, J = rest, squaredNorm = 0, logDeterminant = 0;
    s.forEach((si, i) => {
      const share = si ** 2 / (si ** 2 + lambda);
      gamma += share;
      J += (1 - share) * z[i] ** 2;
      squaredNorm += si > 0 ? (share * z[i] / si) ** 2 : 0;
      logDeterminant += Math.log1p(si ** 2 / lambda);
    });
    const beta = N / J;
    return {
      slope: gamma - lambda * squaredNorm * beta,
      maximum: {
        alpha: lambda * beta,
        beta,
        gamma,
        logEvidence: (N * (Math.log(beta / (2 * Math.PI)) - 1) - logDeterminant) / 2,
      },
    };
  };

  const grid = 2 * Math.log(s[0]), step = 0.25; // log λ from −36, where s² + λ rounds to s², to where γ vanishes
  const maxima: EvidenceMaximum[] = [];
  for (let low = grid - 36; low < grid + 20; low += step) {
    if (at(low).slope > 0 && at(low + step).slope <= 0) {
      maxima.push(at(bisect((t) => at(t).slope, low, low + step)).maximum);
    }
  }
  if (maxima.length === 0) {
    throw new RangeError(
      "The evidence has no maximum over alpha and beta: these targets are all noise, or without noise, to this " +
        `basis of ${basis.length} functions and ${N} points. Give alpha and beta yourself, or more data`,
    );
  }
  return maxima.reduce((best, one) => one.logEvidence > best.logEvidence ? one : best);
}

/** Where `f`, positive at `low` and not at `high`, crosses zero, to the last digit. */
function bisect(f: (t: number) => number, low: number, high: number): number {
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}
