/**
 * Type-II maximum likelihood for Bayesian linear regression.
 *
 * @module
 */
import { checkOptions } from "../../checks.ts";
import { dot, multiplyVector, svd, transpose } from "../../linear_algebra/mod.ts";
import { type Basis, designMatrix } from "./bases.ts";
import { checkRegressionData, type RegressionData } from "./data.ts";

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
 * @throws {RangeError} where the evidence has no maximum: the data show no signal, or no noise, or as many points as
 * there are functions cannot tell them apart.
 * @throws {TypeError | RangeError} where the data are not N finite inputs and targets.
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
  data: RegressionData<Input>,
  options: { basis: Basis<Input> },
): EvidenceMaximum {
  const { basis } = checkOptions("maximizeEvidence()", options, ["basis"]);
  const { x, y } = checkRegressionData(data), N = x.length;
  if (N === 0) throw new RangeError("maximizeEvidence() needs at least one point, got none");
  const unit = powerOfTwoNear(y); // of y, so that squares of it neither overflow nor vanish
  const targets = y.map((t) => t / unit), { U, s } = svd(designMatrix(basis, x));
  const z = multiplyVector(transpose(U), targets), projected = multiplyVector(U, z);
  const residual = targets.map((t, i) => t - projected[i]);
  const rest = dot(residual, residual);

  const at = (logLambda: number) => {
    const lambda = Math.exp(logLambda);
    let gamma = 0, J = rest, squaredNorm = 0, logDeterminant = 0;
    s.forEach((si, i) => {
      const share = si ** 2 / (si ** 2 + lambda), left = lambda / (si ** 2 + lambda);
      gamma += share;
      J += left * z[i] ** 2;
      squaredNorm += si > 0 ? (share * z[i] / si) ** 2 : 0;
      logDeterminant += Math.log1p(si ** 2 / lambda);
    });
    const beta = N / J, slope = gamma - lambda * squaredNorm * beta;
    return {
      slope,
      sign: Math.abs(slope) > ROUNDING * gamma ? Math.sign(slope) : 0,
      maximum: {
        alpha: lambda * beta / unit ** 2,
        beta: beta / unit ** 2,
        gamma,
        logEvidence: (N * (Math.log(beta / (2 * Math.PI)) - 1) - logDeterminant) / 2 -
          N * Math.log(unit),
      },
    };
  };

  const grid = 2 * Math.log(s[0]), step = 0.25; // log λ from −36, where s² + λ rounds to s², to where γ vanishes
  const maxima: EvidenceMaximum[] = [];
  let rising: number | undefined; // where the slope was positive last, if it was no more negative since
  for (let logLambda = grid - 36; logLambda < grid + 20; logLambda += step) {
    const { sign } = at(logLambda);
    if (sign > 0) rising = logLambda;
    else if (sign < 0 && rising !== undefined) {
      maxima.push(at(bisect((t) => at(t).slope, rising, logLambda)).maximum);
      rising = undefined;
    }
  }
  if (maxima.length === 0) {
    throw new RangeError(
      "The evidence has no maximum over alpha and beta: to this " +
        `basis of ${basis.length} functions and ${N} points the targets are all noise, or without noise, ` +
        "or too few to tell signal from noise. Give alpha and beta yourself, or more data",
    );
  }
  return maxima.reduce((best, one) => one.logEvidence > best.logEvidence ? one : best);
}

const ROUNDING = 1e-9; // of the slope's two terms: smaller than this, their difference tells nothing

/** The power of two next below the largest |y|, by which division is exact; 1 where all are 0. */
function powerOfTwoNear(y: Float64Array): number {
  const largest = y.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
}

/** Where `f`, positive at `low` and not at `high`, crosses zero, to the last digit. */
function bisect(f: (t: number) => number, low: number, high: number): number {
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}
